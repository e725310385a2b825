"""What is wrong with a registration, said before it can do harm: everything that its profile forbids.

The profiles and the registration itself are ``client.py``.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from poreka.oidc.backchannel_authentication import GRANT_TYPE as BACKCHANNEL
from poreka.oidc.clients.client import (
    LONGEST_NAME,
    LONGEST_OFFER,
    MOST_OFFERS,
    REFRESH_TOKEN,
    Client,
    portless_loopback,
)
from poreka.oidc.trusted_signature import SIGNATURE_TYPE
from poreka.shown_words import is_fit_to_show


def registration_faults(client: Client, *, plain_http: bool = False) -> list[str]:
    """Everything in a registration that its profile forbids; empty for a good one. ``plain_http`` is for the
    demo only.
    """
    rules, faults = client.rules, []
    if client.token_endpoint_auth_method not in rules.authentication:
        faults.append(f"{client.token_endpoint_auth_method} is not allowed in {client.profile}")
    if _credential(client) is None:
        faults.append(f"nothing to check {client.token_endpoint_auth_method} with")
    if odd := _algorithms(client) - rules.algorithms:
        faults.append(f"signing algorithm {', '.join(sorted(odd))} is not allowed in {client.profile}")
    said = (*client.name.values(), *client.purpose.values(), client.legal_name or "none")
    if "pl" not in client.name or not all(map(_sound_name, said)):
        faults.append(
            f"name must be there in pl; names and purposes are one line of at most {LONGEST_NAME} "
            "characters, of plain words in Latin letters, without ;"
        )
    if not client.scopes or ("openid" not in client.scopes and client.profile != "fapi2"):
        faults.append("scopes must contain openid; in fapi2 there must be at least one")
    if not client.redirect_uris:
        faults.append("redirect_uris is empty")
    faults += ["sandbox exists in the demonstration only"] if client.sandbox and not plain_http else []
    if forbidden := client.claims & rules.claims_never:
        faults.append(f"claims {', '.join(sorted(forbidden))} are not given to the profile {client.profile}")
    if not all(map(_short, client.offers.values())):
        faults.append(
            f"offers has more than {MOST_OFFERS} lines, or one that is empty, longer than {LONGEST_OFFER} characters "
            "or not of plain words in Latin letters"
        )
    if not client.require_pkce and rules.pkce_always:
        faults.append(f"require_pkce cannot be switched off in {client.profile}")
    faults += _backchannel_faults(client) + _details_faults(client)
    faults += [f"address {uri} is not acceptable" for uri in _addresses(client) if not _sound_address(uri, plain_http)]
    return faults


def _algorithms(client: Client) -> set[str]:
    """Everything that is signed with what the registration names."""
    return {
        client.id_token_signed_response_alg,
        client.userinfo_signed_response_alg or "ES256",
        client.authorization_signed_response_alg,
        client.introspection_signed_response_alg,
        client.backchannel_authentication_request_signing_alg or "ES256",
    }


def _backchannel_faults(client: Client) -> list[str]:
    """Asking people in the app: for ``fapi2`` only, with a delivery mode, and an address where that is ping."""
    mode, endpoint = client.backchannel_token_delivery_mode, client.backchannel_client_notification_endpoint
    faults = []
    if odd := client.grant_types - {"authorization_code", REFRESH_TOKEN, BACKCHANNEL}:
        faults.append(f"grant type {', '.join(sorted(odd))} is not offered")
    if BACKCHANNEL in client.grant_types and client.profile != "fapi2":
        faults.append(f"grant type {BACKCHANNEL} is not allowed in {client.profile}")
    if (BACKCHANNEL in client.grant_types) != (mode is not None):
        faults.append(f"backchannel_token_delivery_mode goes together with the grant type {BACKCHANNEL}")
    if (mode == "ping") != (endpoint is not None):
        faults.append("backchannel_client_notification_endpoint goes together with the delivery mode ping")
    if client.may_name_pesel and BACKCHANNEL not in client.grant_types:
        faults.append(f"may_name_pesel goes together with the grant type {BACKCHANNEL}")
    return faults


def _details_faults(client: Client) -> list[str]:
    """A statement names the person by all three facts, so whoever may ask for one must be allowed to have them."""
    faults = []
    if odd := client.authorization_details_types - {SIGNATURE_TYPE}:
        faults.append(f"authorization details of the type {', '.join(sorted(odd))} are not offered")
    if client.authorization_details_types and client.profile != "fapi2":
        faults.append(f"authorization_details_types are not allowed in {client.profile}")
    if client.authorization_details_types and not client.releasable_claims >= {"given_name", "family_name", "pesel"}:
        faults.append("authorization_details_types need the claims given_name, family_name and pesel")
    return faults


def _short(lines: tuple[str, ...]) -> bool:
    return len(lines) <= MOST_OFFERS and all(is_fit_to_show(line, LONGEST_OFFER) for line in lines)


def _sound_name(name: str) -> bool:
    """It stands on pages and in text messages, where it must not pass for ours: so no separator of ours either."""
    return is_fit_to_show(name, LONGEST_NAME)


def _credential(client: Client) -> object | None:
    by_method: Mapping[str, object | None] = {
        "private_key_jwt": client.jwks or client.jwks_uri,
        "tls_client_auth": client.tls_subject,
        "self_signed_tls_client_auth": client.tls_thumbprints or None,
    }
    return by_method.get(client.token_endpoint_auth_method, client.secret_hash)


def _addresses(client: Client) -> list[str]:
    single = (
        client.jwks_uri,
        client.initiate_login_uri,
        client.backchannel_logout_uri,
        client.backchannel_client_notification_endpoint,
    )
    return [
        *client.redirect_uris,
        *client.post_logout_redirect_uris,
        *(uri for uri in single if uri is not None),
    ]


def _sound_address(uri: str, plain_http: bool) -> bool:
    if portless_loopback(uri) is not None:
        return True
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return (
        parts.scheme in ({"https", "http"} if plain_http else {"https"}) and bool(parts.hostname) and not parts.fragment
    )

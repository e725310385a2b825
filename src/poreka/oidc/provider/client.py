"""A registered client, and what each client profile allows: one table, ``PROFILES``.

``fapi2`` is the FAPI 2.0 Security Profile and the default; ``openid`` is for older relying parties and for
the sandbox. ``check_registration`` says what is wrong with a registration before it can do harm; how clients
are stored is not here. Read next: ``client_authentication`` and ``authorization_request``, which ask this
table.
"""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from poreka.oidc.algorithms import FAPI2_ALGORITHMS, OPENID_ALGORITHMS
from poreka.oidc.backchannel_authentication import GRANT_TYPE as BACKCHANNEL
from poreka.oidc.trusted_signature import SIGNATURE_TYPE
from poreka.shown_words import is_fit_to_show

AuthenticationMethod = Literal[
    "private_key_jwt",
    "tls_client_auth",
    "self_signed_tls_client_auth",
    "client_secret_basic",
    "client_secret_post",
]

REFRESH_TOKEN = "refresh_token"
LONGEST_NAME = 120
MOST_OFFERS, LONGEST_OFFER = 5, 120
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1"})


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of client may do."""

    authentication: frozenset[str]
    algorithms: frozenset[str]
    pushed_only: bool
    signed_requests: bool
    pkce_always: bool
    bound_tokens_always: bool
    assertion_for_endpoint: bool
    claims_never: frozenset[str]


STRONG_AUTHENTICATION = frozenset({"private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"})

PROFILES: dict[str, Profile] = {
    "fapi2": Profile(
        authentication=STRONG_AUTHENTICATION,
        algorithms=FAPI2_ALGORITHMS,
        pushed_only=True,
        signed_requests=False,
        pkce_always=True,
        bound_tokens_always=True,
        assertion_for_endpoint=False,
        claims_never=frozenset(),
    ),
    "openid": Profile(
        authentication=STRONG_AUTHENTICATION | {"client_secret_basic", "client_secret_post"},
        algorithms=OPENID_ALGORITHMS,
        pushed_only=False,
        signed_requests=True,
        pkce_always=False,
        bound_tokens_always=False,
        assertion_for_endpoint=True,
        claims_never=frozenset({"pesel"}),
    ),
}


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """A relying party as registered. Names follow RFC 7591 and OpenID Connect Registration where they have
    one.
    """

    client_id: str
    profile: Literal["fapi2", "openid"] = "fapi2"
    name: dict[str, str]
    """What people are shown, by language."""
    purpose: dict[str, str] = {}
    offers: dict[str, tuple[str, ...]] = {}
    """What a person can do at the service, in short lines by language: shown before they consent."""
    redirect_uris: tuple[str, ...]
    loopback_redirects: bool = False
    """Whether the port of a loopback address is any (RFC 8252 §7.3)."""
    sandbox: bool = False
    """A developer's client of the demonstration: it returns to any address of its own machine over http, after signing
    in and out, and sends its secret in either way.
    """
    token_endpoint_auth_method: AuthenticationMethod = "private_key_jwt"
    secret_hash: str | None = None
    """SHA-256 of the secret, in hexadecimal: the secret is random and long, so it needs no salt."""
    jwks: dict[str, Any] | None = None
    jwks_uri: str | None = None
    tls_subject: str | None = None
    tls_thumbprints: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset({"openid"})
    claims: frozenset[str] = frozenset()
    """Every claim the client may be given, however it asks for it."""
    initiate_login_uri: str | None = None
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    sector_identifier: str | None = None
    require_pkce: bool = True
    dpop_required: bool = False
    id_token_signed_response_alg: str = "ES256"
    userinfo_signed_response_alg: str | None = None
    """``None`` gives UserInfo as plain JSON (OpenID Connect Core §5.3.2)."""
    authorization_signed_response_alg: str = "ES256"
    """With what answers are signed for whoever asks for one of the JWT response modes (JARM §3)."""
    introspection_signed_response_alg: str = "ES256"
    """The same for introspection answers (RFC 9701 §6)."""
    require_signed_request_object: bool = False
    """Whether an unsigned request is refused (RFC 9101 §10.5)."""
    backchannel_authentication_request_signing_alg: str | None = None
    """Where it is registered, every request to ask somebody in the app is signed with it (CIBA Core §4)."""
    consent_policy: Literal["once", "every_time"] = "once"
    default_acr: str | None = None
    grant_types: frozenset[str] = frozenset({"authorization_code"})
    """With the one of CIBA, people are asked in the app; it needs a delivery mode (CIBA Core §4)."""
    backchannel_token_delivery_mode: Literal["poll", "ping"] | None = None
    backchannel_client_notification_endpoint: str | None = None
    may_name_pesel: bool = False
    """Whether the client may name somebody to be asked by PESEL: for desks where people show a document."""
    authorization_details_types: frozenset[str] = frozenset()
    """What it may ask for in ``authorization_details`` (RFC 9396 §10)."""

    @property
    def rules(self) -> Profile:
        """The row of ``PROFILES``."""
        return PROFILES[self.profile]

    @property
    def sector(self) -> str:
        """The sector of pairwise subjects: as registered, else the host of the addresses (OpenID Connect Core
        §8.1).
        """
        return self.sector_identifier or urlsplit(self.redirect_uris[0]).hostname or self.client_id

    @property
    def pkce_needed(self) -> bool:
        """Whether a request without PKCE is refused."""
        return self.require_pkce or self.rules.pkce_always

    @property
    def bound_tokens_needed(self) -> bool:
        """Whether a token must be bound to a key or a certificate."""
        return self.dpop_required or self.rules.bound_tokens_always

    @property
    def releasable_claims(self) -> frozenset[str]:
        """What this client may ever be told about a person."""
        return self.claims - self.rules.claims_never


def owns_redirect_uri(client: Client, redirect_uri: str) -> bool:
    """Exact string comparison, but for the port of a loopback address where that is allowed (RFC 9700 §2.1,
    RFC 8252 §7.3).
    """
    if redirect_uri in client.redirect_uris or (client.sandbox and _portless_loopback(redirect_uri) is not None):
        return True
    if not client.loopback_redirects:
        return False
    portless = _portless_loopback(redirect_uri)
    return portless is not None and portless in map(_portless_loopback, client.redirect_uris)


def owns_post_logout_redirect_uri(client: Client, uri: str) -> bool:
    """Exact string comparison (RP-Initiated Logout 1.0 §3), but for the sandbox."""
    return uri in client.post_logout_redirect_uris or (client.sandbox and _portless_loopback(uri) is not None)


def _portless_loopback(uri: str) -> str | None:
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or parts.hostname not in LOOPBACK_HOSTS or parts.username is not None or parts.fragment:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port is None else f"{host}:{port}"
    if parts.netloc != netloc:
        return None
    return uri.replace(f"//{netloc}", f"//{host}", 1)


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
    if "pl" not in client.name or not all(map(_sound_name, (*client.name.values(), *client.purpose.values()))):
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
    if _portless_loopback(uri) is not None:
        return True
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return (
        parts.scheme in ({"https", "http"} if plain_http else {"https"}) and bool(parts.hostname) and not parts.fragment
    )

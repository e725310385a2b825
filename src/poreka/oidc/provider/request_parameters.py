"""The parameters of an authorization request, one small check each.

Each reads its parameter, raises ``SentToClient`` where it is wrong, and returns what it established; their
order is in ``authorization_request``, which calls them once client and address are proven. OpenID Connect
Core §3.1.2.1, RFC 6749 §4.1.1.
"""

import re

import msgspec

from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registered import Field, registered
from poreka.oidc.errors import SentToClient, TokenRefused
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import Parameters
from poreka.oidc.pkce import PkceRefused, check_challenge
from poreka.oidc.provider.claims_request import ClaimsWish, wanted_acr
from poreka.oidc.provider.id_token_hint import read_id_token_hint
from poreka.oidc.trusted_signature import SIGNATURE_TYPE, DetailsRefused, SignatureRequest, read_details

PROMPTS = frozenset({"none", "login", "consent", "select_account"})
RESPONSE_MODES = frozenset({"query", "form_post", "jwt", "query.jwt", "form_post.jwt"})
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_NUMBER = re.compile(r"[0-9]{1,9}")
LONGEST_STATE = 1024


class Supported(msgspec.Struct, frozen=True, kw_only=True):
    """What this provider does, as far as a request can ask for it."""

    issuer: str
    scopes: frozenset[str]
    acr_values: tuple[str, ...]
    """From weakest to strongest."""
    authorization_details_types: frozenset[str] = frozenset()
    backchannel: bool = False
    """Whether people can be asked in the app (CIBA)."""


def nothing_unsupported(parameters: Parameters) -> None:
    """Extensions we do not offer are refused by name rather than ignored (Core §6, RFC 8707)."""
    if "request_uri" in parameters:
        raise SentToClient("request_uri_not_supported", "A request_uri of another party is not fetched.")
    if "registration" in parameters:
        raise SentToClient("registration_not_supported", "Clients are registered beforehand.")
    if "resource" in parameters:
        raise SentToClient("invalid_target", "Resource indicators are not offered.")


def response_type_code(parameters: Parameters) -> None:
    """Only the code flow exists here (RFC 9700 §2.1.2)."""
    match parameters.get("response_type"):
        case "code":
            return
        case None:
            raise SentToClient("invalid_request", "The parameter response_type is missing.")
        case _:
            raise SentToClient("unsupported_response_type", "Only the response type code is offered.")


def checked_response_mode(parameters: Parameters) -> str:
    """``query`` unless another is asked for; with ``jwt`` the answer is signed (JARM §2.3)."""
    mode = parameters.get("response_mode") or "query"
    if mode not in RESPONSE_MODES:
        raise SentToClient("invalid_request", f"The response_mode must be one of {', '.join(sorted(RESPONSE_MODES))}.")
    return mode


def checked_scopes(parameters: Parameters, client: Client, supported: Supported) -> tuple[str, ...]:
    """The client may have each one we know; unknown ones are ignored (Core §3.1.2.1). ``openid`` is among them, but for
    the profile ``fapi2``, by which plain OAuth 2.0 may be spoken: then there is no ID Token.
    """
    asked = tuple(dict.fromkeys((parameters.get("scope") or "").split(" ")))
    if "openid" not in asked and client.profile != "fapi2":
        raise SentToClient("invalid_scope", f"The scope must contain openid. {registered(client, 'profile')}")
    known = tuple(scope for scope in asked if scope in supported.scopes)
    if not known:
        raise SentToClient(
            "invalid_scope", f"The scope names nothing that is offered here. {registered(client, 'scopes')}"
        )
    if not client.scopes.issuperset(known):
        raise SentToClient(
            "invalid_scope", f"The client may not ask for one of these scopes. {registered(client, 'scopes')}"
        )
    return known


def checked_challenge(parameters: Parameters, client: Client) -> str | None:
    """PKCE by ``S256``, unless the client is registered as doing without (RFC 7636 §4.3, RFC 9700 §2.1.1)."""
    challenge, method = parameters.get("code_challenge"), parameters.get("code_challenge_method")
    if challenge is None and method is None and not client.pkce_needed:
        return None
    if challenge is None:
        why: Field = "profile" if client.rules.pkce_always else "require_pkce"
        raise PkceRefused(f"The parameter code_challenge is missing. {registered(client, why)}")
    return check_challenge(challenge, method)


def checked_dpop_jkt(parameters: Parameters) -> str | None:
    """The key the code shall be bound to (RFC 9449 §10)."""
    jkt = parameters.get("dpop_jkt")
    if jkt is not None and not _THUMBPRINT.fullmatch(jkt):
        raise SentToClient("invalid_request", "The parameter dpop_jkt is not a thumbprint.")
    return jkt


def checked_prompt(parameters: Parameters) -> tuple[str, ...]:
    """The prompts asked for; ``none`` stands alone (Core §3.1.2.1)."""
    prompt = tuple(dict.fromkeys((parameters.get("prompt") or "").split()))
    if not PROMPTS.issuperset(prompt):
        raise SentToClient("invalid_request", "The parameter prompt has an unknown value.")
    if "none" in prompt and len(prompt) > 1:
        raise SentToClient("invalid_request", "The prompt none cannot be combined with others.")
    return prompt


def checked_max_age(parameters: Parameters) -> int | None:
    """Seconds since the person last signed in actively, at most."""
    value = parameters.get("max_age")
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise SentToClient("invalid_request", "The parameter max_age is not a number of seconds.")
    return int(value)


def checked_acr_values(parameters: Parameters, client: Client, claims: ClaimsWish) -> tuple[tuple[str, ...], bool]:
    """The levels asked for, in order of preference, and whether one of them is a must (Core §5.5.1.1)."""
    by_claims, essential = wanted_acr(claims)
    by_parameter = tuple((short_text(parameters, "acr_values", 1024) or "").split())
    default = (client.default_acr,) if client.default_acr else ()
    return by_claims or by_parameter or default, essential and bool(by_claims)


def checked_subject(
    parameters: Parameters, client: Client, claims: ClaimsWish, issuer: str, own_keys: KeySet
) -> str | None:
    """The person a hint insists on (Core §3.1.2.1 ``id_token_hint``, §5.5.1 ``sub``)."""
    by_claims = claims.id_token.get("sub")
    wanted = by_claims.value if by_claims is not None else None
    hint = parameters.get("id_token_hint")
    if hint is not None:
        try:
            hinted = read_id_token_hint(hint, own_keys, issuer=issuer, client_id=client.client_id).subject
        except TokenRefused as fault:
            raise SentToClient("invalid_request", "The id_token_hint is not ours.", detail=fault.description) from fault
        if wanted not in (None, hinted):
            raise SentToClient("invalid_request", "The request insists on two different persons.")
        return hinted
    if wanted is not None and not isinstance(wanted, str):
        raise SentToClient("invalid_request", "The claim sub is asked for with a value that is no subject.")
    return wanted


def checked_details(parameters: Parameters, client: Client, supported: Supported) -> SignatureRequest | None:
    """The one signature asked for, by a client that is registered for it (RFC 9396 §5)."""
    given = parameters.get("authorization_details")
    if given is None:
        return None
    allowed = client.authorization_details_types & supported.authorization_details_types
    if SIGNATURE_TYPE not in allowed or client.profile != "fapi2":
        raise SentToClient(
            "invalid_authorization_details",
            "This client may not ask for authorization details here. "
            f"{registered(client, 'authorization_details_types')}",
        )
    try:
        return read_details(given)
    except DetailsRefused as refused:
        raise SentToClient("invalid_authorization_details", refused.description, detail=refused.detail) from refused


def short_text(parameters: Parameters, name: str, longest: int) -> str | None:
    """A printable ASCII parameter of at most ``longest`` characters (RFC 6749 appendix A)."""
    value = parameters.get(name)
    if value is not None and (len(value) > longest or not is_printable(value)):
        raise SentToClient("invalid_request", f"The parameter {name} is too long or has unprintable characters.")
    return value


def is_printable(value: str) -> bool:
    """Only the visible characters of ASCII and the space."""
    return _PRINTABLE.fullmatch(value) is not None

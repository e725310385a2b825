"""What a registration will meet: what the provider demands of the client, what it gives, what frameworks do otherwise.

For whoever connects a service, before the first request: `poreka client check` prints it. Whether the registration is
acceptable at all is ``registration_faults``; the values stand in the tables and constants that the checks use.
"""

from collections.abc import Iterator

import msgspec

from poreka.oidc.clients.authentication import LONGEST_ASSERTION, SECRET_METHODS
from poreka.oidc.clients.client import REFRESH_TOKEN, Client, portless_loopback
from poreka.oidc.clients.registered import registered
from poreka.oidc.jwt_claims import SKEW
from poreka.oidc.provider.authorization_code import CODE_LIFE
from poreka.oidc.provider.claims_request import claims_by_scope
from poreka.oidc.provider.pushed_request import PUSHED_LIFE
from poreka.oidc.provider.tokens import ACCESS_TOKEN_LIFE


class Point(msgspec.Struct, frozen=True):
    """One thing that is demanded, given, or often done otherwise."""

    about: str
    says: str


_TOO_MUCH_FOR_MANY = (
    "fapi2 wants PAR and bound tokens; Spring Boot, oauth2-proxy, django-allauth and mod_auth_openidc do less: "
    'for them register "profile": "openid", which is never told a PESEL'
)


def demands(client: Client) -> list[Point]:
    """What the provider wants of the client, and gives it, in the order in which a sign-in meets it."""
    return [
        Point("request", _request(client)),
        Point("PKCE", "S256, in every request" if client.pkce_needed else "S256, if the request has it"),
        Point("redirect address", _addresses(client)),
        Point("authentication", _authentication(client)),
        Point("tokens", _tokens(client)),
        Point("ID Token", f"signed with {client.id_token_signed_response_alg}; nothing personal in it"),
        Point("UserInfo", _userinfo(client)),
        Point("facts", _facts(client)),
        Point("consent", _consent(client)),
        Point("level", client.default_acr or "the lowest, unless acr_values asks for more"),
        Point("signing out", _signing_out(client)),
        Point("clocks", f"may differ by {SKEW} s"),
    ]


def warnings(client: Client) -> list[Point]:
    """What frameworks usually do otherwise than this registration wants, with the way out."""
    return [Point(about, says) for about, says in (*_unusual_protocol(client), *_missing(client))]


def _request(client: Client) -> str:
    signed = "; always signed (request)" if client.require_signed_request_object else ""
    if client.rules.pushed_only:
        return f"pushed to /par; its request_uri works once, within {PUSHED_LIFE} s{signed}"
    return f"at /authorize, or pushed to /par{signed}"


def _addresses(client: Client) -> str:
    rule = "character by character"
    if client.sandbox or client.loopback_redirects:
        rule += ", but for the port of a loopback address" if not client.sandbox else ""
    return f"{registered(client, 'redirect_uris')} Compared {rule}."


def _authentication(client: Client) -> str:
    match client.token_endpoint_auth_method:
        case "private_key_jwt":
            aud = (
                "the issuer or the address called" if client.rules.assertion_for_endpoint else "the issuer, as a string"
            )
            keys = registered(client, "jwks_uri" if client.jwks is None else "jwks")
            return (
                f"private_key_jwt with {_listed(client.rules.algorithms)}; aud is {aud}; jti works once; exp at most "
                f"{LONGEST_ASSERTION} s ahead. {keys}"
            )
        case "client_secret_basic":
            return "client_secret_basic: id and secret form-encoded in the header Authorization; not in the form"
        case "client_secret_post":
            return "client_secret_post: client_id and client_secret in the form; not in the header"
        case method:
            return f"{method}: the certificate is shown at the addresses under mtls_endpoint_aliases"


def _tokens(client: Client) -> str:
    if client.dpop_required:
        bound = "bound by DPoP: a proof at /token and /userinfo"
    elif client.bound_tokens_needed:
        bound = "bound by DPoP, or by a client certificate"
    else:
        bound = "bearer, or bound by DPoP if /token gets a proof"
    refresh = "with" if REFRESH_TOKEN in client.grant_types else "without"
    return f"{bound}; a code lives {CODE_LIFE} s, an access token {ACCESS_TOKEN_LIFE} s; {refresh} a refresh token"


def _userinfo(client: Client) -> str:
    algorithm = client.userinfo_signed_response_alg
    return f"a JWT signed with {algorithm} (application/jwt)" if algorithm else "JSON"


def _facts(client: Client) -> str:
    by_scope = claims_by_scope(tuple(sorted(client.scopes)))
    asked = _listed(frozenset(by_scope) & client.releasable_claims)
    rest = client.releasable_claims - frozenset(by_scope)
    by_name = f"; by name, in the parameter claims: {_listed(rest)}" if rest else ""
    return f"by scope ({_listed(client.scopes)}): {asked}{by_name}"


def _consent(client: Client) -> str:
    often = "at every sign-in" if client.consent_policy == "every_time" else "once, and anew when what is told changes"
    shown = client.purpose.get("pl")
    return f"asked {often}; people read why: {shown}" if shown else f"asked {often}"


def _signing_out(client: Client) -> str:
    back = registered(client, "post_logout_redirect_uris")
    told = "its backchannel_logout_uri is told" if client.backchannel_logout_uri else "it is not told of the end"
    return f"{back} When a session ends or consent is withdrawn, {told}."


def _unusual_protocol(client: Client) -> Iterator[tuple[str, str]]:
    if (algorithm := client.id_token_signed_response_alg) != "RS256":
        way = "" if client.profile == "fapi2" else ', or register "id_token_signed_response_alg": "RS256"'
        yield "ID Token", f"Spring Security expects RS256 until told {algorithm}: tell it{way}"
    if client.profile == "fapi2":
        yield "profile", _TOO_MUCH_FOR_MANY
    if client.token_endpoint_auth_method == "private_key_jwt":
        yield (
            "authentication",
            (
                f"Authlib makes assertions that live an hour, here {LONGEST_ASSERTION} s are allowed; "
                "many libraries put the token endpoint into aud"
            ),
        )
    if client.token_endpoint_auth_method in SECRET_METHODS and not client.sandbox:
        other = min(SECRET_METHODS - {client.token_endpoint_auth_method})
        yield "authentication", f"only one way is taken: set the framework to it, some begin with {other}"
    if client.pkce_needed and client.profile == "openid":
        yield (
            "PKCE",
            (
                "Spring Boot, django-allauth and oauth2-proxy send no code_challenge until told: switch it on, "
                'or register "require_pkce": false'
            ),
        )
    if client.userinfo_signed_response_alg:
        yield (
            "UserInfo",
            "Spring Security, oauth2-proxy and django-allauth read JSON only: leave userinfo_signed_response_alg out",
        )


def _missing(client: Client) -> Iterator[tuple[str, str]]:
    if any(portless_loopback(uri) for uri in client.redirect_uris) and not (
        client.loopback_redirects or client.sandbox
    ):
        yield "redirect address", 'a program that draws its port needs "loopback_redirects": true'
    if not client.releasable_claims:
        yield "facts", "no claims are registered: UserInfo has nothing but sub"
    yield "e-mail", "nobody is told one: oauth2-proxy and others that want it take sub instead"
    if REFRESH_TOKEN not in client.grant_types:
        yield "tokens", "offline_access gives nothing: the session is the framework's own"
    if not client.post_logout_redirect_uris and not client.sandbox:
        yield "signing out", "no post_logout_redirect_uris: whoever signs out here does not come back"
    if client.backchannel_logout_uri is None:
        yield "signing out", "no backchannel_logout_uri: the framework's session lives on when ours ends"


def _listed(values: frozenset[str]) -> str:
    return ", ".join(sorted(values)) or "none"

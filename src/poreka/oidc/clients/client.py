"""A registered client, and what each client profile allows: one table, ``PROFILES``.

``fapi2`` is the FAPI 2.0 Security Profile and the default; ``openid`` is for older relying parties and for
the sandbox. What is wrong with a registration is ``registration_faults``; how clients are stored is not here. Read
next: ``client_authentication`` and ``authorization_request``, which ask this table.
"""

from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from poreka.oidc.algorithms import FAPI2_ALGORITHMS, OPENID_ALGORITHMS

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
    """What the client calls itself in every request."""
    profile: Literal["fapi2", "openid"] = "fapi2"
    """What the client may and must do: its row in ``PROFILES``."""
    name: dict[str, str]
    """What people are shown, by language."""
    legal_name: str = ""
    """Who gets the data, as registered in law: consents and their receipts name it beside the service."""
    purpose: dict[str, str] = {}
    """Why it asks, by language: people read it before they consent."""
    offers: dict[str, tuple[str, ...]] = {}
    """What a person can do at the service, in short lines by language: shown before they consent."""
    redirect_uris: tuple[str, ...]
    """Where people may return to, compared character by character; https, or http on a loopback address."""
    loopback_redirects: bool = False
    """Whether the port of a loopback address is any (RFC 8252 §7.3)."""
    sandbox: bool = False
    """A developer's client of the demonstration: it returns to any address of its own machine over http, after signing
    in and out, and sends its secret in either way.
    """
    token_endpoint_auth_method: AuthenticationMethod = "private_key_jwt"
    """The one way in which the client proves itself."""
    secret_hash: str | None = None
    """SHA-256 of the secret, in hexadecimal: the secret is random and long, so it needs no salt."""
    former_secret_hash: str | None = None
    former_secret_until: int = 0
    """Before this moment the secret that was rotated away is as good as the new one."""
    jwks: dict[str, Any] | None = None
    """Its public keys: for assertions, request objects and hints."""
    jwks_uri: str | None = None
    """Where they are fetched, if they are not in ``jwks``."""
    tls_subject: str | None = None
    """The subject of its certificate under a trusted root, for ``tls_client_auth`` (RFC 8705 §2.1)."""
    tls_thumbprints: tuple[str, ...] = ()
    """SHA-256 of its certificates in base64url, for ``self_signed_tls_client_auth`` (RFC 8705 §2.2)."""
    scopes: frozenset[str] = frozenset({"openid"})
    """Every scope that it may ask for."""
    claims: frozenset[str] = frozenset()
    """Every claim the client may be given, however it asks for it."""
    poreka_reason: bool = False
    """Whether ``access_denied`` says by this parameter, which no standard knows, how the sign-in ended: ``cancelled``,
    ``refused``, ``aborted`` or ``expired`` (RFC 6749 §8.2).
    """
    initiate_login_uri: str | None = None
    """Where people come from the list of services (OpenID Connect Core §4)."""
    post_logout_redirect_uris: tuple[str, ...] = ()
    """Where people may return to after signing out here."""
    backchannel_logout_uri: str | None = None
    """Where we tell that a session or a consent has ended."""
    sector_identifier: str | None = None
    """Clients of one sector know a person by the same ``sub``; left out, it is the host of the first address."""
    require_pkce: bool = True
    """Whether a request without a ``code_challenge`` is refused; only the profile ``openid`` can do without."""
    dpop_required: bool = False
    """Whether a token request without a DPoP proof is refused, certificate or not."""
    id_token_signed_response_alg: str = "ES256"
    """With what its ID Tokens are signed; ``RS256`` for the profile ``openid`` only."""
    userinfo_signed_response_alg: str | None = None
    """With what UserInfo is signed; left out, it is plain JSON (OpenID Connect Core §5.3.2)."""
    authorization_signed_response_alg: str = "ES256"
    """With what answers are signed for whoever asks for one of the JWT response modes (JARM §3)."""
    introspection_signed_response_alg: str = "ES256"
    """The same for introspection answers (RFC 9701 §6)."""
    require_signed_request_object: bool = False
    """Whether an unsigned request is refused (RFC 9101 §10.5)."""
    backchannel_authentication_request_signing_alg: str | None = None
    """Where it is registered, every request to ask somebody in the app is signed with it (CIBA Core §4)."""
    consent_policy: Literal["once", "every_time"] = "once"
    """How often people are asked; what is told anew is asked anew in any case."""
    default_acr: str | None = None
    """The level of a request that names none."""
    grant_types: frozenset[str] = frozenset({"authorization_code"})
    """With the one of CIBA, people are asked in the app; it needs a delivery mode (CIBA Core §4)."""
    backchannel_token_delivery_mode: Literal["poll", "ping"] | None = None
    """How it learns that somebody answered in the app."""
    backchannel_client_notification_endpoint: str | None = None
    """Where we tell it, in the mode ``ping``."""
    may_name_pesel: bool = False
    """Whether the client may name somebody to be asked by PESEL: for desks where people show a document."""
    authorization_details_types: frozenset[str] = frozenset()
    """What it may ask for in ``authorization_details`` (RFC 9396 §10)."""

    @property
    def rules(self) -> Profile:
        """The row of ``PROFILES``."""
        return PROFILES[self.profile]

    @property
    def home(self) -> str:
        """The first page of the site that sign-ins lead back to."""
        address = urlsplit(self.redirect_uris[0])
        return f"{address.scheme}://{address.netloc}/"

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
    if redirect_uri in client.redirect_uris or (client.sandbox and portless_loopback(redirect_uri) is not None):
        return True
    if not client.loopback_redirects:
        return False
    portless = portless_loopback(redirect_uri)
    return portless is not None and portless in map(portless_loopback, client.redirect_uris)


def owns_post_logout_redirect_uri(client: Client, uri: str) -> bool:
    """Exact string comparison (RP-Initiated Logout 1.0 §3), but for the sandbox."""
    return uri in client.post_logout_redirect_uris or (client.sandbox and portless_loopback(uri) is not None)


def portless_loopback(uri: str) -> str | None:
    """A loopback address over http without its port; ``None`` for any other."""
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

"""A provider that nobody told about Poręka: it makes the answers the relying side has to judge.

Every method makes a good answer; tests spoil one thing at a time by keyword. The people are invented.
"""

import hashlib
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from joserfc.jwk import ECKey, OKPKey, RSAKey

from poreka.oidc import jose
from poreka.oidc.algorithms import SIGNATURES
from poreka.oidc.keys import KeySet, SigningKey
from poreka.oidc.relying_party.authorization import Begun, FreshSecrets, begin
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import FreshIds, Registration
from poreka.oidc.relying_party.token import SignedIn

NOW = 1_790_000_000
ISSUER = "https://foreign.example"
CLIENT = "portal-1"
IDS = FreshIds(assertion="assertion-1", proof="proof-1")
LOW, SUBSTANTIAL, HIGH = (f"http://eidas.europa.eu/LoA/{level}" for level in ("low", "substantial", "high"))
PESEL = "02070803628"


def _ec(kid: str) -> SigningKey:
    return SigningKey.of_jwk({**ECKey.generate_key("P-256").as_dict(private=True), "kid": kid})


PROVIDER_KEY = _ec("es-1")
OTHER_KEY = _ec("es-2")
CLIENT_KEY = _ec("client-1")
_RSA_JWK = RSAKey.generate_key(2048).as_dict(private=True)
RSA_KEY = SigningKey.of_jwk({**_RSA_JWK, "kid": "rs-1", "alg": "RS256"})
ED_KEY = SigningKey.of_jwk({**OKPKey.generate_key("Ed25519").as_dict(private=True), "kid": "ed-1"})
DPOP_JWK: dict[str, str] = {k: str(v) for k, v in ECKey.generate_key("P-256").as_dict(private=True).items()}
CREDENTIALS = ClientCredentials(signing_key=CLIENT_KEY)
KEYS = KeySet([PROVIDER_KEY.verification()])

METADATA: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
    "userinfo_endpoint": f"{ISSUER}/me",
    "pushed_authorization_request_endpoint": f"{ISSUER}/request",
    "end_session_endpoint": f"{ISSUER}/session/end",
    "response_types_supported": ["code"],
    "subject_types_supported": ["pairwise"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    "id_token_signing_alg_values_supported": ["ES256", "PS256"],
    "dpop_signing_alg_values_supported": ["ES256"],
    "authorization_response_iss_parameter_supported": True,
    "claims_parameter_supported": True,
    "something_new": {"nobody": "knows"},
}


def json_answer(members: object, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = msgspec.json.encode(members)
    return Answer(status=status, headers={"content-type": "application/json; charset=utf-8", **named}, body=body)


def metadata(**changes: Any) -> ProviderMetadata:
    return msgspec.convert({**METADATA, **changes}, ProviderMetadata)


def registration(**changes: Any) -> Registration:
    given = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "redirect_uri": "https://portal.example/callback",
        "claims": ("given_name", "family_name", "pesel"),
        "minimum_acr": SUBSTANTIAL,
    }
    return Registration(**{**given, **changes})


def plain_registration(**changes: Any) -> Registration:
    """The `openid` profile: an older provider, a shared secret, no PESEL."""
    given = {
        "profile": "openid",
        "client_authentication": "client_secret_basic",
        "claims": ("given_name", "family_name"),
        "use_par": False,
        "use_dpop": False,
        "minimum_acr": None,
        "id_token_algorithms": ("RS256", "ES256"),
        "userinfo_signed_required": False,
    }
    return registration(**{**given, **changes})


def begun(known: Registration | None = None, provider: ProviderMetadata | None = None, **wishes: Any) -> Begun:
    known = known or registration()
    secrets = FreshSecrets(
        state="state-of-this-browser",
        nonce="nonce-of-this-sign-in",
        code_verifier="v" * 43,
        dpop_key=DPOP_JWK if known.use_dpop else None,
    )
    return begin(known, provider or metadata(), secrets, NOW, **wishes)


def spoiled(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Claims with changes; a change to `...` takes the claim away."""
    return {name: value for name, value in {**claims, **changes}.items() if value is not ...}


def id_token_claims(**changes: Any) -> dict[str, Any]:
    good = {
        "iss": ISSUER,
        "sub": "person-1",
        "aud": CLIENT,
        "exp": NOW + 300,
        "iat": NOW,
        "auth_time": NOW - 5,
        "nonce": "nonce-of-this-sign-in",
        "acr": SUBSTANTIAL,
        "amr": ["pwd", "otp"],
        "sid": "session-1",
    }
    return spoiled(good, changes)


def id_token(key: SigningKey = PROVIDER_KEY, typ: str = "JWT", **changes: Any) -> str:
    return jose.sign(id_token_claims(**changes), key, typ)


def without_kid(claims: dict[str, Any], key: SigningKey) -> str:
    """Signed as it should be, but the header names no key."""
    signed = b".".join(jose.encode_segment(msgspec.json.encode(part)) for part in ({"alg": key.algorithm}, claims))
    signature = SIGNATURES[key.algorithm].sign(signed, key.key)
    return (signed + b"." + jose.encode_segment(signature)).decode()


def unsigned(claims: dict[str, Any], alg: str = "none") -> str:
    parts = ({"alg": alg, "kid": PROVIDER_KEY.kid}, claims)
    return ".".join([*(jose.encode_segment(msgspec.json.encode(part)).decode() for part in parts), "AA"])


def half_hash(access_token: str, algorithm: str = "sha256") -> str:
    digest = hashlib.new(algorithm, access_token.encode()).digest()
    return jose.encode_segment(digest[: len(digest) // 2]).decode()


def token_answer(token: str | None = None, **changes: Any) -> Answer:
    good = {
        "access_token": "access-1",
        "token_type": "DPoP",
        "expires_in": 300,
        "scope": "openid identity",
        "id_token": id_token() if token is None else token,
    }
    return json_answer(spoiled(good, changes))


def signed_in(**changes: Any) -> SignedIn:
    good: dict[str, Any] = {
        "issuer": ISSUER,
        "sub": "person-1",
        "sid": "session-1",
        "auth_time": NOW - 5,
        "acr": SUBSTANTIAL,
        "amr": ("pwd", "otp"),
        "access_token": "access-1",
        "token_type": "DPoP",
        "id_token": "hint",
    }
    return SignedIn(**{**good, **changes})


def userinfo_claims(**changes: Any) -> dict[str, Any]:
    good = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "person-1",
        "given_name": "Jagoda",
        "family_name": "Wrona",
        "pesel": PESEL,
    }
    return spoiled(good, changes)


def jwt_answer(token: str) -> Answer:
    return Answer(status=200, headers={"content-type": "application/jwt"}, body=token.encode())


def userinfo_answer(key: SigningKey = PROVIDER_KEY, typ: str = "JWT", **changes: Any) -> Answer:
    return jwt_answer(jose.sign(userinfo_claims(**changes), key, typ))


def form_of(request: Outgoing) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), strict_parsing=True))

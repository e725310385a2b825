"""An invented client, its request and what follows from it, all of it good: each test spoils one thing."""

from typing import Any

from poreka.oidc.clients.authentication import Authenticated
from poreka.oidc.clients.client import Client
from poreka.oidc.parameters import Parameters
from poreka.oidc.pkce import challenge_of
from poreka.oidc.provider.authorization_code import Grant, SignedIn, grant
from poreka.oidc.provider.authorization_request import AuthorizationRequest, check_request
from poreka.oidc.provider.request_parameters import Supported
from poreka.oidc.provider.token_request import Binding, CodeExchange
from poreka.oidc.provider.tokens import Issued, issue
from tests.oidc.signing_keys import NOW, key_set, signing_key

ISSUER = "https://bank.example"
TOKEN_ENDPOINT = "https://bank.example/token"
BACK = "https://portal.example/back"
VERIFIER = "v" * 43
LOW, SUBSTANTIAL, HIGH = ACR = ("low", "substantial", "high")
SUPPORTED = Supported(
    issuer=ISSUER, scopes=frozenset({"openid", "identity", "profile", "phone", "email"}), acr_values=ACR
)
IDENTITY = frozenset({"given_name", "family_name", "pesel"})
OWN_KEY = signing_key("own")


def client(**changes: Any) -> Client:
    return Client(
        **{
            "client_id": "portal",
            "name": {"pl": "Portal", "en": "Portal"},
            "redirect_uris": (BACK,),
            "jwks": {"keys": [signing_key("client").public_jwk]},
            "scopes": frozenset({"openid", "identity"}),
            "claims": IDENTITY,
            "post_logout_redirect_uris": ("https://portal.example/bye",),
            **changes,
        }
    )


def openid_client(**changes: Any) -> Client:
    return client(**{"profile": "openid", "claims": IDENTITY - {"pesel"}, **changes})


def pairs(**changes: Any) -> list[tuple[str, str]]:
    given = {
        "client_id": "portal",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid identity",
        "state": "s",
        "nonce": "n",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        **changes,
    }
    return [(name, value) for name, value in given.items() if value is not None]


def parameters(**changes: Any) -> Parameters:
    return Parameters.of_pairs(pairs(**changes))


def request(asking: Client | None = None, **changes: Any) -> AuthorizationRequest:
    return check_request(
        parameters(**changes), asking or client(), SUPPORTED, now=NOW, pushed=True, own_keys=key_set(OWN_KEY)
    )


SIGNED_IN = SignedIn(
    person="p-1", subject="pairwise", sid="sid-1", auth_time=NOW - 5, acr=SUBSTANTIAL, amr=("pwd", "otp")
)


def granted(asking: Client | None = None, consented: frozenset[str] = IDENTITY, **changes: Any) -> Grant:
    asking = asking or client()
    return grant(request(asking, **changes), asking, SIGNED_IN, grant_id="g-1", consented=consented, now=NOW)


AUTHENTICATED = Authenticated(client_id="portal", method="private_key_jwt")


def issued(
    asking: Client | None = None,
    *,
    binding: Binding | None = None,
    given: Grant | None = None,
    **changes: Any,
) -> Issued:
    asking = asking or client()
    exchange = CodeExchange(
        client=asking,
        grant=given or granted(asking, **changes),
        binding=binding or Binding(jkt=signing_key().verification().thumbprint),
        single_uses=(),
    )
    return issue(exchange.grant, exchange.binding, token="token", issuer=ISSUER, key=OWN_KEY, now=NOW)

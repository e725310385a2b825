from urllib.parse import parse_qsl

import msgspec
import pytest

from poreka.oidc import jose
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.client_credentials import ClientGrant, TokenRefused, read_token, token_request
from poreka.oidc.relying_party.exchange import Answer
from tests.oidc.relying_party.foreign_provider import CLIENT, CLIENT_KEY, NOW

URL = "https://operator.example/token"
TOLD = {"access_token": "abc.DEF-1", "token_type": "Bearer", "expires_in": 300}


def grant(**credentials: object) -> ClientGrant:
    proof = ClientCredentials(**credentials)  # type: ignore[arg-type]
    return ClientGrant(token_url=URL, client_id=CLIENT, scope="dpv:Purpose thing", credentials=proof)


def answer(document: object, status: int = 200, kind: str = "application/json") -> Answer:
    return Answer(status=status, headers={"content-type": kind}, body=msgspec.json.encode(document))


def test_a_secret_goes_into_the_header_and_nowhere_else() -> None:
    request = token_request(grant(secret="hush"), "id-1", NOW)
    assert (request.method, request.url) == ("POST", URL)
    assert dict(parse_qsl(request.body.decode())) == {"grant_type": "client_credentials", "scope": "dpv:Purpose thing"}
    assert request.headers["authorization"].startswith("Basic ")


def test_a_key_signs_for_this_token_endpoint_alone() -> None:
    form = dict(parse_qsl(token_request(grant(signing_key=CLIENT_KEY), "id-1", NOW).body.decode()))
    claims = jose.verify(form["client_assertion"], KeySet([CLIENT_KEY.verification()]), frozenset({"ES256"}))
    assert (claims["iss"], claims["sub"], claims["aud"], claims["jti"]) == (CLIENT, CLIENT, URL, "id-1")


def test_a_token_says_how_long_it_is_good() -> None:
    token = read_token(answer(TOLD))
    assert (token.value, token.seconds) == ("abc.DEF-1", 300)
    assert "abc" not in repr(token)


@pytest.mark.parametrize(("told", "seconds"), [(None, 60), (-1, 0), (10**9, 3600)])
def test_a_life_that_is_odd_is_cut_to_a_sane_one(told: int | None, seconds: int) -> None:
    assert read_token(answer(TOLD | {"expires_in": told})).seconds == seconds


@pytest.mark.parametrize(
    "refused",
    [
        answer({"error": "invalid_client"}, 401),
        answer(TOLD, kind="text/html"),
        answer([TOLD]),
        answer({"access_token": "a"}),
        answer(TOLD | {"expires_in": "300"}),
        answer(TOLD | {"token_type": "DPoP"}),
        answer(TOLD | {"access_token": ""}),
        answer(TOLD | {"access_token": "a b"}),
        answer(TOLD | {"access_token": "ą"}),
        answer(TOLD | {"access_token": "a\nb"}),
        answer(TOLD | {"access_token": "a" * 17_000}),
        Answer(status=200, headers={"content-type": "application/json"}, body=b"\xff"),
    ],
)
def test_what_is_no_bearer_token_is_refused(refused: Answer) -> None:
    with pytest.raises(TokenRefused, match="token_"):
        read_token(refused)

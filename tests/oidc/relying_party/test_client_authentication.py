from base64 import b64decode

import pytest

from poreka.oidc import jose
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.client_authentication import ClientCredentials, authenticate
from tests.oidc.relying_party.foreign_provider import (
    CLIENT,
    CLIENT_KEY,
    CREDENTIALS,
    ED_KEY,
    ISSUER,
    NOW,
    plain_registration,
    registration,
)


def test_private_key_jwt_names_the_issuer_as_its_only_audience() -> None:
    proof = authenticate(registration(), CREDENTIALS, "id-1", NOW)
    assert proof.headers == {}
    assert proof.form["client_id"] == CLIENT
    assert proof.form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    claims = jose.verify(proof.form["client_assertion"], KeySet([CLIENT_KEY.verification()]), frozenset({"ES256"}))
    assert claims == {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": ISSUER,
        "jti": "id-1",
        "iat": NOW,
        "exp": NOW + 60,
    }


def test_oidcc_client_test_client_secret_basic() -> None:
    known = plain_registration(client_id="https://portal.example/client")
    proof = authenticate(known, ClientCredentials(secret="s3cr:et %"), "unused", NOW)
    assert proof.form == {}
    kind, _, pair = proof.headers["authorization"].partition(" ")
    assert kind == "Basic"
    assert b64decode(pair) == b"https%3A%2F%2Fportal.example%2Fclient:s3cr%3Aet+%25"


def test_client_secret_post() -> None:
    known = plain_registration(client_authentication="client_secret_post")
    proof = authenticate(known, ClientCredentials(secret="s3cret"), "unused", NOW)
    assert proof.form == {"client_id": CLIENT, "client_secret": "s3cret"}
    assert proof.headers == {}


@pytest.mark.parametrize("credentials", [ClientCredentials(), ClientCredentials(signing_key=ED_KEY)])
def test_without_the_right_key_nothing_is_sent(credentials: ClientCredentials) -> None:
    with pytest.raises(ValueError, match="signing key"):
        authenticate(registration(), credentials, "id-1", NOW)


def test_without_a_secret_nothing_is_sent() -> None:
    with pytest.raises(ValueError, match="client secret"):
        authenticate(plain_registration(), ClientCredentials(), "id-1", NOW)


def test_credentials_do_not_print_themselves() -> None:
    assert "s3cret" not in repr(ClientCredentials(secret="s3cret"))
    assert CLIENT not in repr(authenticate(registration(), CREDENTIALS, "id-1", NOW))

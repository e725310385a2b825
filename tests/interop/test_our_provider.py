"""Software nobody here wrote signs in at our provider, with the demonstration's sandbox clients."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest

from poreka.demo.presets import Address
from poreka.demo.walk.orders import method_chosen
from poreka.demo.walk.phones import connected, removed, waiting
from poreka.demo.walk.walk import Walk
from poreka.demo.walk.ways import go_on
from tests.interop.at_the_bank import consent_with_code, sign_in
from tests.interop.peers import (
    free_port,
    run_asking_client,
    run_openid_client,
)
from tests.support.server import Demo
from tests.support.visit import Visitor

pytestmark = pytest.mark.interop


@pytest.fixture(autouse=True)
def _not_our_pages(visitor: Visitor) -> None:
    visitor.foreign |= {"127.0.0.1", "foreign.localhost"}


LOW, SUBSTANTIAL = (f"http://eidas.europa.eu/LoA/{level}" for level in ("low", "substantial"))


def _sandbox_key() -> dict[str, str]:
    text = resources.files("poreka.presets").joinpath("sandbox-fapi.jwk.json").read_bytes()
    key: dict[str, str] = msgspec.json.decode(text)
    return key


def test_openid_client_by_the_fapi2_profile(demo: Demo, visitor: Visitor, tmp_path: Path) -> None:
    """PAR, private_key_jwt, PKCE, DPoP, iss, signed UserInfo: all of it checked by npm openid-client."""
    person = demo.person("stanislaw")
    with run_openid_client(
        tmp_path,
        issuer=demo.origin("millenet"),
        client_id="sandbox-fapi",
        private_jwk=_sandbox_key(),
        callback_port=free_port(),
        parameters={"acr_values": SUBSTANTIAL},
    ) as client:
        assert "request_uri=" in client.authorization_url
        page = sign_in(visitor.open(client.authorization_url), person)
        consent_with_code(demo, page, "stanislaw")
        outcome = client.outcome()
    assert outcome["token_type"] == "dpop"
    assert outcome["id_token"]["acr"] == SUBSTANTIAL
    assert "mfa" in outcome["id_token"]["amr"]
    assert "given_name" not in outcome["id_token"]
    told = outcome["userinfo"]
    assert (told["given_name"], told["family_name"]) == (person["first_name"], person["last_name"])
    assert told["pesel"] == person["pesel"]
    assert told["sub"] == outcome["id_token"]["sub"]


def test_openid_client_is_told_that_the_person_cancelled(demo: Demo, visitor: Visitor, tmp_path: Path) -> None:
    with run_openid_client(
        tmp_path,
        issuer=demo.origin("millenet"),
        client_id="sandbox-fapi",
        private_jwk=_sandbox_key(),
        callback_port=free_port(),
    ) as client:
        page = visitor.open(client.authorization_url)
        page.submit("Anuluj")
        outcome = client.outcome()
    assert outcome["error"] == "access_denied"


@pytest.fixture
def walk(demo: Demo) -> Iterator[Walk]:
    walk = Walk(Address(demo.port), tell=lambda name, seconds: None, fresh=False, bank="pz")
    yield walk
    walk.close()


def test_openid_client_asks_in_the_app(demo: Demo, walk: Walk, tmp_path: Path) -> None:
    """CIBA: npm openid-client asks whom it knows by its own `sub`; approved on a phone, and somebody who is unknown."""
    at_pz: dict[str, Any] = {
        "issuer": demo.origin("pz"),
        "client_id": "sandbox-fapi",
        "private_jwk": _sandbox_key(),
    }
    person, owner = walk.person("stanislaw"), walk.visitor()
    with run_openid_client(tmp_path, callback_port=free_port(), **at_pz) as client:
        go_on(walk, owner.open(client.authorization_url), person)
        known = client.outcome()["id_token"]["sub"]
    phone = connected(walk, owner, person)
    method_chosen(walk, owner, person, phone)
    asked = {"login_hint": known, "binding_message": "Wpis nr 7"}
    with run_asking_client(tmp_path, asked=asked, **at_pz) as client:
        question = waiting(walk, phone)
        assert "Wpis nr 7" in question.words
        phone.signed(question, r"/requests/[^/]+/approve", client.taken["matching_number"])
        outcome = client.outcome()
    removed(walk, owner)
    assert outcome["token_type"] == "dpop"
    assert outcome["id_token"]["sub"] == outcome["userinfo"]["sub"] == known
    assert outcome["userinfo"]["pesel"] == person.pesel
    with run_asking_client(tmp_path, asked={"login_hint": "somebody-else"}, **at_pz) as client:
        assert client.taken.keys() == {"auth_req_id", "expires_in", "interval", "matching_number"}


def test_a_foreign_key_is_refused(demo: Demo, tmp_path: Path) -> None:
    foreign = {**_sandbox_key(), "d": "AQ" + _sandbox_key()["d"][2:]}
    with (
        pytest.raises(Exception, match="could not begin"),
        run_openid_client(
            tmp_path,
            issuer=demo.origin("millenet"),
            client_id="sandbox-fapi",
            private_jwk=foreign,
            callback_port=free_port(),
        ),
    ):
        pass


def test_the_sandbox_clients_are_those_of_the_demonstration_only() -> None:
    """No preset but the demonstration's wiring knows them."""
    for file in resources.files("poreka.presets").iterdir():
        if file.name.endswith(".toml"):
            assert "sandbox" not in str(tomllib.loads(file.read_text("utf-8")))

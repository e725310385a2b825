"""Our portal signs a person in from a foreign provider: npm oidc-provider with its FAPI 2.0 features on.

The portal is `poreka serve` with one settings file; nothing in it was written for this provider.
"""

import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import httpx2
import pytest
import tomli_w

from tests.interop.peers import ForeignProvider, fapi_client, free_port, run_foreign_provider
from tests.support.visit import Page, Visitor

pytestmark = pytest.mark.interop


@pytest.fixture(autouse=True)
def _not_our_pages(visitor: Visitor) -> None:
    visitor.foreign |= {"127.0.0.1", "foreign.localhost"}


SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
FACTS = {"given_name": "Halina", "family_name": "Żurawowska-Źrebłowiec", "pesel": "43101058965"}
PASSWORD = "brzozowy-zagajnik"
HALINA = {"login": "halina", "password": PASSWORD, "claims": FACTS, "acr": SUBSTANTIAL}
BOGNA = {
    "login": "bogna",
    "password": PASSWORD,
    "claims": {"given_name": "Bogna", "family_name": "Wierzbołowska", "pesel": "52041714862"},
    "acr": SUBSTANTIAL,
}
WITHOUT_PESEL = {"login": "bez", "password": PASSWORD, "claims": {**FACTS, "pesel": "43101058966"}, "acr": SUBSTANTIAL}


@dataclass(frozen=True)
class Stage:
    """A portal and the foreign provider it relies on."""

    portal: str
    provider: ForeignProvider


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("foreign")
    origin, port = f"http://pue.localhost:{free_port()}", free_port()
    client = fapi_client(
        "pue",
        f"{origin}/callback/foreign",
        None,
        jwks_uri=f"{origin}/jwks",
        backchannel_logout_uri=f"{origin}/backchannel-logout",
        backchannel_logout_session_required=True,
        post_logout_redirect_uris=[f"{origin}/signed-out"],
    )
    with (
        run_foreign_provider(
            folder, accounts=[HALINA, BOGNA, WITHOUT_PESEL], clients=[client], port=port, host="foreign.localhost"
        ) as provider,
        portal(folder, origin, [_foreign(provider.issuer)]),
    ):
        yield Stage(origin, provider)


def _foreign(issuer: str) -> dict[str, Any]:
    return {"key": "foreign", "name": "Obcy dostawca", "issuer": issuer, "client_id": "pue", "verified": False}


@contextmanager
def portal(folder: Path, origin: str, providers: list[dict[str, Any]]) -> Iterator[None]:
    """A portal served by itself that relies on these providers."""
    tables: dict[str, Any] = tomllib.loads(resources.files("poreka.presets").joinpath("pue.toml").read_text("utf-8"))
    tables["system"]["origin"] = origin
    tables["portal"]["providers"] = providers
    file = folder / "pue.toml"
    file.write_text(tomli_w.dumps(tables), "utf-8")
    port = origin.rpartition(":")[2]
    command = [sys.executable, "-m", "poreka", "serve", str(file), "--listen", f"127.0.0.1:{port}"]
    with (folder / "portal.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_for(origin, port, folder / "portal.log")
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(origin: str, port: str, log: Path) -> None:
    host = origin.removeprefix("http://")
    with httpx2.Client(trust_env=False) as client:
        for _ in range(200):
            try:
                if client.get(f"http://127.0.0.1:{port}/jwks", headers={"Host": host}).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.1)
    raise AssertionError(f"the portal did not start: {log.read_text(errors='replace')[-2000:]}")


def sign_out_there(visitor: Visitor, page: Page) -> Page:
    """oidc-provider's question has its button outside the form."""
    form = page.forms()[0]
    return visitor.go("POST", form.action, origin=page.url, data={**form.filled({}), "logout": ["yes"]})


def sign_out_on_both_sides(stage: Stage, visitor: Visitor, page: Page) -> Page:
    """From the portal's panel, first there and then at the provider."""
    page = page.submit("Wyloguj")
    assert page.url.startswith(f"{stage.portal}/signed-out")
    page = page.submit("Obcy dostawca")
    assert page.url.startswith("http://foreign.localhost")
    return sign_out_there(visitor, page)


def come_from_the_provider(stage: Stage, visitor: Visitor, login: str) -> Page:
    """Where a sign-in at the foreign provider leads."""
    page = visitor.open(f"{stage.portal}/banks").submit("Obcy dostawca")
    assert page.url.startswith("http://foreign.localhost")
    return page.submit(None, login=login, password=PASSWORD)


def fill_in(page: Page) -> Page:
    """The one form of a first entry."""
    return page.submit(
        "Dalej",
        email="osoba@poczta.example",
        email_again="osoba@poczta.example",
        regulations="yes",
        contact_data="yes",
    )


def test_a_person_enters_from_a_foreign_provider_and_is_signed_out_by_it(stage: Stage, visitor: Visitor) -> None:
    page = come_from_the_provider(stage, visitor, "halina")
    assert page.url.startswith(f"{stage.portal}/entry/"), stage.provider.complaints.read_text()
    for fact in FACTS.values():
        assert fact in page.text
    assert fill_in(page).url == f"{stage.portal}/dashboard"

    # The provider's own sign-out ends the portal's session too: a second window finds itself signed out.
    page = visitor.open(f"{stage.provider.issuer}/session/end")
    sign_out_there(visitor, page)
    for _ in range(100):
        if visitor.open(f"{stage.portal}/dashboard").url != f"{stage.portal}/dashboard":
            return
        time.sleep(0.05)
    raise AssertionError("the portal's session lives on")


def test_a_later_entry_goes_straight_in_and_signs_out_on_both_sides(stage: Stage, visitor: Visitor) -> None:
    page = fill_in(come_from_the_provider(stage, visitor, "bogna"))
    sign_out_on_both_sides(stage, visitor, page)
    page = come_from_the_provider(stage, visitor, "bogna")
    assert page.url == f"{stage.portal}/dashboard"
    page = sign_out_on_both_sides(stage, visitor, page)
    assert page.url.startswith(f"{stage.portal}/signed-out")


def test_a_pesel_that_is_none_is_refused_with_a_page(stage: Stage, visitor: Visitor) -> None:
    page = visitor.open(f"{stage.portal}/banks").submit("Obcy dostawca")
    page = page.submit(None, login="bez", password=PASSWORD)
    assert page.url.startswith(stage.portal)
    assert page.status in (400, 403, 422, 502)
    assert not page.has("form[action$='/form']")


def test_the_person_may_cancel_there(stage: Stage, visitor: Visitor) -> None:
    page = visitor.open(f"{stage.portal}/banks").submit("Obcy dostawca")
    page = page.submit("Cancel")
    assert page.url == f"{stage.portal}/not-signed-in/foreign/denied"
    assert page.has("form[action='/banks/foreign']") or page.has("a[href='/banks']")

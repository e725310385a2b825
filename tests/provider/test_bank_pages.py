"""The pages behind the sign-in and those for everyone.

Every link leads somewhere, and nobody gets in without a session.
"""

import pytest

from tests.support.bank_visits import signed_in
from tests.support.form import words
from tests.support.server import Demo
from tests.support.visit import Visitor

INSIDE = ("/", "/finances", "/finances/products", "/finances/services", "/settings", "/settings/security")


def test_every_link_leads_to_a_page(demo: Demo, visitor: Visitor) -> None:
    waiting, seen = [signed_in(demo, visitor, "stanislaw").url], set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        page = visitor.open(url)
        assert page.status == 200, url
        if page.html is None:  # something to download
            continue
        for link in page.document.css("a[href^='/']"):
            address = demo.url("millenet", (link.attributes["href"] or "").split("?")[0])
            waiting.append(address)
    assert {demo.url("millenet", path) for path in INSIDE} <= seen
    assert demo.url("millenet", "/help") in seen


@pytest.mark.parametrize("path", [*INSIDE, "/settings/security/consents"])
def test_nobody_gets_in_without_a_session(demo: Demo, visitor: Visitor, path: str) -> None:
    page = visitor.open(demo.url("millenet", path))
    assert page.heading == "Logowanie: Millenet"


@pytest.mark.parametrize("path", ["/safety", "/help", "/signed-out"])
def test_what_everyone_may_read(demo: Demo, new_visitor: object, path: str) -> None:
    for language in ("pl", "en"):
        page = new_visitor(language=language).open(demo.url("millenet", path))  # type: ignore[operator]
        assert page.status == 200
        assert len(page.text) > 80


@pytest.mark.parametrize(
    ("ended", "says"),
    [
        ("cancelled", "anulowane"),
        ("refused", "nie było możliwe"),
        ("aborted", "trzech"),
        ("expired", "na czas"),
    ],
)
def test_home_says_how_a_release_ended(demo: Demo, visitor: Visitor, ended: str, says: str) -> None:
    page = signed_in(demo, visitor, "stanislaw", f"/?ended={ended}")
    assert says in page.text
    assert "Nie przekazaliśmy żadnych" in page.text
    assert "anulowane" not in visitor.open(demo.url("millenet", "/?ended=%3Cscript%3E")).text


def test_services_lead_to_the_portal_and_tell_it_nothing_about_the_person(demo: Demo, visitor: Visitor) -> None:
    page = signed_in(demo, visitor, "stanislaw", "/finances/services")
    page.submit("Zaloguj")
    first = next(
        answer for answer in visitor.trail if answer.headers.get("location", "").startswith(demo.origin("pue"))
    )
    assert first.headers["location"].split("?")[1] == f"iss=http%3A%2F%2Fmillenet.localhost%3A{demo.port}"


@pytest.mark.parametrize(
    ("bank", "menu", "way"),
    [
        (
            "millenet",
            ["Strona główna", "Moje finanse", "Ustawienia"],
            ["Strona główna", "Moje finanse", "Produkty i Usługi"],
        ),
        ("inteligo", ["Strona główna", "Moje finanse", "e-Urząd", "Ustawienia"], ["Strona główna"]),
        ("envelo", ["Strona główna", "Moje konto", "Usługi", "Ustawienia"], ["Strona główna"]),
    ],
)
def test_the_way_to_the_services_is_each_banks_own(
    demo: Demo, visitor: Visitor, bank: str, menu: list[str], way: list[str]
) -> None:
    page = signed_in(demo, visitor, "stanislaw", "/finances/services", bank)
    assert [item.text(strip=True) for item in page.document.css(".p-nav a")] == menu
    assert [words(item) for item in page.document.css(".p-way a")] == way
    tiles = visitor.open(demo.url(bank, "/finances")).document.css("main a[href='/finances/products']")
    assert bool(tiles) is (bank == "millenet")
    assert visitor.open(demo.url(bank, "/finances/products")).status == (200 if tiles else 404)


def test_an_unknown_service_is_no_page(demo: Demo, visitor: Visitor) -> None:
    page = signed_in(demo, visitor, "stanislaw")
    token = page.forms()[0].fields["csrf_token"]
    for path in (
        "/services/unknown/enter",
        "/services/sandbox/enter",
        "/settings/security/consents/unknown/activate",
    ):
        answer = visitor.go("POST", demo.url("millenet", path), origin=page.url, data={"csrf_token": token})
        assert answer.status == 404


def test_signing_out_ends_the_session(demo: Demo, visitor: Visitor) -> None:
    page = signed_in(demo, visitor, "stanislaw")
    out = page.submit("Wyloguj")
    assert (out.url, out.heading) == (demo.url("millenet", "/signed-out"), "Wylogowano")
    assert visitor.open(demo.url("millenet")).heading == "Logowanie: Millenet"
    assert page.submit("Wyloguj").heading == "Wylogowano"  # a second tab: it is what they wanted

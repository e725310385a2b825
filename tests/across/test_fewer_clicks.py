"""Where people look for the way on, and find it: by words, by name, by what they did last time, in fewer clicks."""

import pytest

from poreka.systems.portal.information.site_map import FOR_EVERYONE, SIGNED_IN, entries, matching, services
from poreka.web.texts import load_texts
from tests.support.bank_visits import signed_in
from tests.support.owner_visits import inside
from tests.support.server import Demo
from tests.support.visit import Visitor

TEXTS = load_texts()


@pytest.mark.parametrize(
    ("language", "asked", "href"),
    [
        ("pl", "składki", "/catalogue"),
        ("pl", "SKŁADKI", "/catalogue"),
        ("pl", "zaświadczenie", "/orders/new"),
        ("pl", "pytanie ZUS", "/question"),
        ("pl", "pomoc", "/help"),
        ("en", "contributions", "/catalogue"),
    ],
)
def test_the_search_finds_services_and_pages_by_their_words(language: str, asked: str, href: str) -> None:
    texts = TEXTS[language]
    pages = [*entries(texts, SIGNED_IN | FOR_EVERYONE), *services(texts)]
    assert href in [page.href for page in matching(pages, asked)]


def test_a_service_that_is_to_come_says_so() -> None:
    [found] = [one for one in services(TEXTS["pl"]) if one.label == "Składki"]
    assert found.what == "W przygotowaniu"


def test_a_later_entry_begins_with_one_click(demo: Demo, visitor: Visitor) -> None:
    """The bank of the last entry is offered on the first page, until it is forgotten (Z2)."""
    first = visitor.open(demo.url("pue"))
    assert "Wejdź przez" not in first.text
    visitor.open(demo.url("pue", "/banks")).submit("BOŚ")
    there = visitor.open(demo.url("pue")).submit("Wejdź przez BOŚ")
    assert there.url.startswith(demo.origin("bos"))
    visitor.open(demo.url("pue", "/banks")).submit("Nie pamiętaj wyboru")
    assert "Wejdź przez" not in visitor.open(demo.url("pue")).text


def test_what_a_stranger_put_in_the_cookie_offers_nothing(demo: Demo, visitor: Visitor) -> None:
    host = demo.origin("pue").removeprefix("http://")
    for value in ("pz", "nowhere", "<b>"):
        visitor.cookies.store(host, f"provider={value}; Path=/")
        assert "Wejdź przez" not in visitor.open(demo.url("pue")).text


def test_an_empty_number_is_asked_for_by_its_name(demo: Demo, visitor: Visitor) -> None:
    page = visitor.open(demo.url("millenet", "/sign-in")).submit("Dalej")
    assert page.status == 422
    assert "Wpisz w tym polu: MilleKod." in page.text
    page = visitor.open(demo.url("inteligo", "/sign-in")).submit("Zaloguj", password="x")
    assert "Wpisz w tym polu: Numer klienta lub login." in page.text


def test_the_services_page_names_the_service_on_its_button_and_tells_how_it_works(demo: Demo, visitor: Visitor) -> None:
    page = signed_in(demo, visitor, "jan", "/finances/services", "inteligo")
    assert page.form_with("Przejdź do portalu PUE ZUS", {})
    more = page.document.css_first("main a[href^='/help']")
    assert more is not None
    anchor = (more.attributes["href"] or "").partition("#")[2]
    assert visitor.open(demo.url("inteligo", "/help")).has(f"h2#{anchor}")


def test_the_banner_of_a_service_stands_before_the_page(demo: Demo, visitor: Visitor) -> None:
    """So it does on a phone, where everything is in one column (P1)."""
    page = signed_in(demo, visitor, "jan", "/")
    text = page.text
    assert text.index("Zaloguj się do PUE ZUS") < text.index(page.heading) < text.index("Na skróty")


def test_the_owners_name_is_a_menu_and_the_method_leads_on_to_a_phone(demo: Demo, visitor: Visitor) -> None:
    """Szczegóły profilu under the name; Zmień metodę autoryzacji is the page's own name, and no dead end (T4)."""
    page = inside(demo, visitor, "agnieszka")
    menu = page.document.css_first("header details.p-person-menu")
    assert menu is not None
    assert "Agnieszka" in menu.css_first("summary").text()  # type: ignore[union-attr]
    assert "/profile/details" in [node.attributes["href"] for node in menu.css("a")]
    method = visitor.open(demo.url("pz", "/profile/details")).follow("Zmień metodę autoryzacji")
    assert method.heading == "Zmień metodę autoryzacji"
    assert method.follow("Połącz telefon").url.endswith("/profile/devices")

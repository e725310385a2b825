"""Help, contact and the accessibility statement at every system of the demonstration, and reporting a barrier."""

import re
from collections.abc import Callable

import httpx2
import pytest
from selectolax.lexbor import LexborHTMLParser

from poreka.demo.presets import Address, preset
from poreka.for_everyone.barriers import Barrier, barriers_of, known_barriers
from poreka.for_everyone.report import faults
from poreka.kinds import KINDS
from poreka.rules.limits.limits import Limits
from poreka.rules.shown_date import shown_day
from poreka.web.texts import load_texts
from tests.support.barriers import is_known
from tests.support.form import words
from tests.support.in_process import BankInProcess
from tests.support.page_checks import unknown_barriers
from tests.support.server import Demo
from tests.support.visit import Page, Visitor

SYSTEMS = ("pue", "millenet", "inteligo", "ipko", "bos", "envelo", "pz", "mobywatel", "ikp", "mojeikp", "clerk")
GOOD = {
    "what": "Nie słychać, że kod wygasł.\nNVDA, Firefox.",
    "where": "/sign-in",
    "email": "jan@poczta.example",
    "phone": "",
}


def links(page: Page, within: str) -> list[tuple[str, str]]:
    return [(a.text().strip(), a.attributes["href"] or "") for a in page.document.css(f"{within} a")]


@pytest.mark.parametrize("system", SYSTEMS)
def test_help_with_a_contact_is_at_the_same_place_under_the_same_name_everywhere(
    system: str, demo: Demo, visitor: Visitor
) -> None:
    """WCAG 3.2.4 and 3.2.6."""
    page = visitor.open(demo.url(system, "/help"))
    assert [(words.replace("\u00a0", " "), path) for words, path in links(page, "footer")][:2] == [
        ("Pomoc i kontakt", "/help"),
        ("Deklaracja dostępności", "/accessibility"),
    ]
    reached = [href for _, href in links(page, "main")]
    assert any(re.fullmatch(r"tel:\+48\d{9}", href) for href in reached), reached
    assert any(href.startswith("mailto:dostepnosc@") for href in reached), reached
    assert "od poniedziałku do piątku" in page.text
    assert re.search(r"\d\d-\d{3} (Warszawa|Lipniki)", page.text)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_a_statement_with_all_that_the_law_asks_for(system: str, demo: Demo, visitor: Visitor) -> None:
    page = visitor.open(demo.url(system, "/accessibility"))
    bank = system in ("millenet", "inteligo", "ipko", "bos", "envelo")
    for said in (
        "Data publikacji serwisu",
        "Data ostatniego przeglądu",
        "7 dni",
        "2 miesiące",
        "Rzecznika Finansowego" if bank else "Rzecznika Praw Obywatelskich",
        "26 kwietnia 2024" if bank else "4 kwietnia 2019",
    ):
        assert said in page.text, said
    assert ("dwa znaki numeru PESEL" in page.text) == (system == "millenet")
    assert any(href.startswith("tel:") for _, href in links(page, "main"))
    assert ("możesz użyć klucza dostępu" in page.text) == (system == "millenet")
    form = page.follow("Zgłoś przeszkodę tutaj")
    assert form.has("#what")
    assert not form.has("[name=pesel]")


def test_polish_names_and_addresses_on_english_pages_say_their_language(
    demo: Demo, new_visitor: Callable[[str], Visitor]
) -> None:
    """WCAG 3.1.2."""
    page = new_visitor("en").open(demo.url("clerk", "/help"))
    name = page.document.css_first(".p-header__name a")
    assert name is not None
    assert (name.text(), name.attributes["lang"]) == ("Stanowisko urzędnika", "pl")
    address = [dd for dd in page.document.css("main dd") if "Lipniki" in dd.text()]
    assert [dd.attributes["lang"] for dd in address] == ["pl"]


async def test_a_barrier_is_reported_without_signing_in_and_reaches_the_operator(bank: BankInProcess) -> None:
    browser = bank.browser()
    page = await browser.open("/accessibility/report")
    page = await page.submit("/accessibility/report", **GOOD)
    assert "mamy Twoje zgłoszenie" in page.text
    await bank.worker.send_due()
    letter = bank.phones.messages[-1]
    assert letter.recipient == bank.bank.settings.contact.email
    assert GOOD["what"] in letter.body
    assert GOOD["email"] in letter.body
    subject = letter.body.split("\n")[0]
    assert GOOD["where"] not in subject


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"what": ""}, "what"),
        ({"what": "x" * 2001}, "what"),
        ({"where": "x" * 201}, "where"),
        ({"email": ""}, "email"),
        ({"email": "jan"}, "email"),
        ({"email": "", "phone": "6" * 21}, "phone"),
        ({"phone": "zadzwońcie"}, "phone"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(changed: dict[str, str], at: str) -> None:
    assert list(faults({**GOOD, **changed})) == [at]
    assert faults({**GOOD, "email": "", "phone": "600 100 200"}) == {}


async def test_a_bad_report_is_shown_again_and_too_many_are_refused(bank: BankInProcess) -> None:
    browser = bank.browser()
    page = await browser.open("/accessibility/report")
    bad = await page.submit("/accessibility/report", **{**GOOD, "email": "nobody"})
    assert bad.status == 422
    assert "nazwa@przyklad.pl" in bad.text
    assert "NVDA" in bad.response.text, "what was typed is still there"
    for _ in range(Limits().reports_by_browser):
        page = await browser.open("/accessibility/report")
        assert (await page.submit("/accessibility/report", **GOOD)).status == 200
    page = await browser.open("/accessibility/report")
    assert (await page.submit("/accessibility/report", **GOOD)).status == 429


@pytest.mark.parametrize("barrier", known_barriers().barriers, ids=lambda barrier: barrier.key)
def test_a_known_barrier_has_its_rule_its_pages_and_its_days(barrier: Barrier) -> None:
    """Whoever goes through the list again moves its days, or takes the barrier away."""
    assert set(barrier.kinds) <= {kind.name for kind in KINDS}
    assert barrier.rule
    assert barrier.pages
    assert barrier.since <= known_barriers().reviewed < barrier.until


def test_the_list_lets_through_what_it_names_on_its_pages_of_its_systems_alone() -> None:
    signing_in, rule = "http://millenet.localhost:8000/sign-in/06h2", "masked-characters"
    assert is_known(rule, signing_in)
    for other in (signing_in.replace("sign-in", "settings"), signing_in.replace("millenet", "inteligo")):
        assert not is_known(rule, other)
    assert not is_known("label", signing_in)
    assert not is_known(rule, "http://sandbox.localhost:8000/sign-in/06h2"), "a page of somebody else's"


def test_a_barrier_that_no_statement_tells_of_is_complained_about() -> None:
    page = LexborHTMLParser('<html lang="pl"><title>x</title><main><h1>x</h1><p class="p-masked"></p></main>')
    answer = httpx2.Response(200, text="", request=httpx2.Request("GET", "http://bos.localhost:8000/sign-in/06h2"))
    assert unknown_barriers(answer, page) == ["a barrier that no statement tells of: masked-characters"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_statement_tells_of_each_barrier_that_the_checks_let_through(
    system: str, demo: Demo, visitor: Visitor
) -> None:
    page = visitor.open(demo.url(system, "/accessibility"))
    texts = load_texts()["pl"]
    known = barriers_of(preset(system, Address(demo.port)))
    told = [words(item) for item in page.document.css("main .govuk-list--bullet > li")]
    assert len(told) == len(known) > 0
    for item, barrier in zip(told, known, strict=True):
        assert item.startswith(texts(f"accessibility.barrier.{barrier.key}"))
        assert shown_day(barrier.until, "pl") in item

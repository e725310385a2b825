"""What a person sees while facts about them are released (P2, P3, P4, P8, P10).

The consent, the code, and every way it ends.
"""

import re

import pytest

from tests.support.bank_visits import code_sent, consented, operation_number, signed_in, to_the_portal
from tests.support.server import Demo
from tests.support.visit import Page, Visitor


def press(page: Page, button: str) -> Page:
    """Press a button of the form that the page is about."""
    return page.submit(button, code="") if page.has("#code") else page.submit(button)


def test_the_information_page_shows_exactly_what_goes(demo: Demo, visitor: Visitor) -> None:
    page, person = to_the_portal(demo, visitor, "helena"), demo.person("helena")
    assert page.heading.startswith("Logowanie do PUE ZUS")
    shown = {row.text(separator="|", strip=True) for row in page.document.css(".p-release .p-facts > div")}
    assert {
        f"Imię|{person['first_name']}",
        f"Nazwisko|{person['last_name']}",
        f"PESEL|{person['pesel']}",
    } <= shown
    assert "Odbiorca danych|PUE ZUS, Zakład Ubezpieczeń Społecznych (demonstracja)" in shown
    assert len(shown) == 5
    box = page.document.css_first("#consent")
    assert box is not None
    assert "checked" not in box.attributes


def test_what_the_service_offers_is_its_own_words(demo: Demo, visitor: Visitor) -> None:
    page = to_the_portal(demo, visitor, "helena")
    assert "pytania do ZUS i ich historia" in page.text
    assert "questions to ZUS and their history" in visitor.open(page.url.replace("lang=pl", "lang=en")).text


def test_without_the_box_there_is_no_next_step(demo: Demo, visitor: Visitor) -> None:
    page = to_the_portal(demo, visitor, "helena").submit("Dalej")
    assert page.status == 422
    assert page.has("#consent")
    assert "zaznacz zgodę" in page.text


def test_cancelling_bank_first_leads_to_the_banks_home_page(demo: Demo, visitor: Visitor) -> None:
    page = to_the_portal(demo, visitor, "helena").submit("Anuluj")
    assert page.url == demo.url("millenet", "/?ended=cancelled")
    assert "anulowane" in page.text


def test_the_page_and_the_message_carry_the_same_number_and_date(demo: Demo, visitor: Visitor) -> None:
    page = consented(to_the_portal(demo, visitor, "helena"))
    number = operation_number(page)
    code_sent(demo, "helena", number)
    text = next(one["text"] for one in demo.messages("helena") if f"Kod SMS nr {number}:" in one["text"])
    found = re.search(r"Operacja nr \d+ z (\d\d-\d\d-\d{4})", page.text)
    assert found
    assert text.startswith(found.group(1))
    assert "Logowanie do PUE ZUS" in text
    assert "Logowanie do PUE ZUS" in page.text
    assert demo.person("helena")["phone"] not in page.response.text  # P10: never the whole number
    assert re.search(r"wysłano \d\d:\d\d", page.text)


def test_a_new_code_must_wait_and_a_step_back_asks_for_the_consent_again(demo: Demo, visitor: Visitor) -> None:
    page = consented(to_the_portal(demo, visitor, "helena"))
    number = operation_number(page)
    early = press(page, "Wygeneruj nowe hasło SMS")
    assert early.status == 429
    assert early.has("[data-time-left][autofocus]")
    assert "O nowy kod możesz poprosić za" in early.text
    assert not early.has("[aria-invalid], .govuk-error-summary"), "nothing is wrong with the field"
    assert page.submit("Zaloguj", code="12").status == 422
    back = press(page, "Wróć o krok")
    assert back.has("#consent")
    assert operation_number(consented(back)) != number


def consents_of(demo: Demo, visitor: Visitor) -> str:
    """What the page of consents says."""
    main = visitor.open(demo.url("millenet", "/settings/security/consents")).document.css_first("main")
    return main.text() if main else ""


def test_the_third_wrong_code_ends_it(demo: Demo, visitor: Visitor) -> None:
    page = consented(to_the_portal(demo, visitor, "helena"))
    before = consents_of(demo, visitor)
    right = code_sent(demo, "helena", operation_number(page))
    wrong = "000000" if right != "000000" else "111111"
    page = page.submit("Zaloguj", code=wrong)
    assert "Zostały 2 próby" in page.text
    page = page.submit("Zaloguj", code=wrong)
    assert "Została 1 próba" in page.text
    form_of_another_tab = page
    page = page.submit("Zaloguj", code=wrong)
    assert "przerwane" in page.heading
    assert "Nic. PUE ZUS nie ma od nas" in page.text
    assert "przerwane" in form_of_another_tab.submit("Zaloguj", code=right).heading
    home = page.follow("Strona główna: Millenet")
    assert "przerwane po trzech" in home.text
    assert consents_of(demo, visitor) == before


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("piotr", "tożsamość nie została jeszcze potwierdzona"),
        ("ewa", "nie masz u nas rachunku bieżącego"),
        ("marek", "nie jesteś jego właścicielem ani współwłaścicielem"),
        ("zofia", "nie masz włączonych haseł sms"),
        ("olena", "nie ma twojego numeru pesel"),
        ("tomasz", "numer pesel w naszych danych jest niepoprawny"),
        ("barbara", "karta sim została niedawno wymieniona"),
    ],
)
def test_each_refusal_says_what_it_is_and_what_to_do(demo: Demo, visitor: Visitor, key: str, says: str) -> None:
    page = to_the_portal(demo, visitor, key)
    assert page.status == 403
    assert says in page.text.lower()
    assert "Infolinia" in page.text
    assert not page.has("#consent")
    assert demo.person(key)["pesel"] not in page.text or key == "olena"
    home = page.follow("Strona główna: Millenet")
    assert "nie było możliwe" in home.text


def test_portal_first_a_refusal_leads_back_and_names_no_reason(demo: Demo, visitor: Visitor) -> None:
    signed_in(demo, visitor, "ewa")
    page = visitor.open(demo.url("pue", f"/initiate?iss={demo.origin('millenet')}"))
    assert page.status == 403
    page = page.follow("Wróć do PUE ZUS")
    assert page.url.startswith(demo.origin("pue"))
    sent = next(one for one in reversed(visitor.trail) if "error=" in one.headers.get("location", ""))
    assert "access_denied" in sent.headers["location"]
    assert "rachunk" not in sent.headers["location"]
    assert "no_current" not in sent.headers["location"]

"""Signing in to the bank (P1, P5, P9, P10).

What for, the two steps, wrong tries, and that nothing tells who exists.
"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.sign_in.question import question_to, question_to_nobody
from poreka.web.browser.own_path import own_path
from tests.support.bank_visits import account, asked_places, signed_in, with_characters
from tests.support.server import Demo
from tests.support.visit import Page, Visitor

KEY = b"a key of thirty-two bytes, or so"
NOBODY = "90000001"
NOW = 1_800_000_000


@pytest.mark.parametrize(
    "path", ["/", "/release/06gvonq", "/?ended=cancelled", "/settings/security/consents?withdrawn=a"]
)
def test_a_page_of_our_own_is_where_a_sign_in_may_lead(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "evil",
        "/a\r\nx",
        "/a b",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/" + "a" * 1000,
        "/ś",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert own_path(text) is None


@given(st.text())
def test_what_passes_is_a_path_as_browsers_read_it(text: str) -> None:
    if own_path(text) is not None:
        assert text.startswith("/")
        assert text[1:2] not in ("/", "\\")
        assert text.isprintable()


def test_nobody_is_asked_the_same_every_time() -> None:
    assert question_to_nobody(KEY, NOBODY, NOW) == question_to_nobody(KEY, NOBODY, NOW)
    asked = [question_to_nobody(KEY, f"{number:08}", NOW) for number in range(200)]
    assert {one.kind for one in asked} == {"pesel", "document"}
    assert {one.length for one in asked} == {9, 11}
    assert all(1 <= place <= one.length for one in asked for place in one.places)


def test_nobody_is_asked_something_else_now_and_then_like_a_customer_who_signs_in() -> None:
    for number in (NOBODY, "29999990", "21579999"):
        days = [question_to_nobody(KEY, number, NOW + day * 86400) for day in range(90)]
        assert len({(one.kind, one.length) for one in days}) == 1
        changes = sum(before != after for before, after in itertools.pairwise(days))
        assert 4 < changes < 40
        hours = [question_to_nobody(KEY, number, NOW + hour * 3600) for hour in range(24)]
        assert sum(before != after for before, after in itertools.pairwise(hours)) <= 1


def test_a_customer_is_asked_something_else_after_a_right_answer_only() -> None:
    asked = [question_to(KEY, "21570133", "pesel", 11, answers) for answers in range(30)]
    assert asked[0] == question_to(KEY, "21570133", "pesel", 11, 0)
    assert len({one.places for one in asked}) > 5


def at_the_password(demo: Demo, visitor: Visitor, number: str) -> Page:
    return visitor.open(demo.url("millenet")).submit("Dalej", number=number)


def test_the_way_in(demo: Demo, visitor: Visitor) -> None:
    page = visitor.open(demo.url("millenet", "/settings"))
    assert page.heading == "Logowanie: Millenet"
    assert "Zasady bezpieczeństwa" in page.text
    assert page.submit("Dalej").status == 422
    assert "osiem cyfr" in page.submit("Dalej", number="123").text

    number = account(demo, "stanislaw")["login"]
    page = page.submit("Dalej", number=f"{number[:4]} {number[4:]}")
    assert len(asked_places(page)) == 2
    assert "jednorazow" not in page.form_with("Zaloguj", {}).node.text()  # P5: no one-time code here
    page = with_characters(demo, page, "stanislaw")
    assert page.url == demo.url("millenet", "/settings")
    assert visitor.open(demo.url("millenet", "/sign-in?next=/finances")).heading == "Moje finanse"


def test_clearing_starts_anew_with_another_number(demo: Demo, visitor: Visitor) -> None:
    page = at_the_password(demo, visitor, NOBODY)
    page = page.submit("Wyczyść", password="typed by mistake")
    assert page.has("#number")
    assert not page.has("#password")


def test_an_empty_answer_is_no_try(demo: Demo, visitor: Visitor) -> None:
    page = at_the_password(demo, visitor, "90000009")
    for _ in range(12):
        page = page.submit("Zaloguj", password="only this")
        assert page.status == 422
        assert "oba znaki" in page.text


def test_wrong_tries_are_slowed_and_tell_nothing(demo: Demo, visitor: Visitor) -> None:
    """The answers for a number that exists and for one that does not are the same (P9), but for how long to wait."""

    def tries(number: str) -> list[tuple[int, str]]:
        page, seen = at_the_password(demo, visitor, number), []
        for _ in range(5):
            answers = dict.fromkeys(asked_places(page), "0")
            page = page.submit("Zaloguj", password="wrong", **answers)
            seen.append((page.status, page.document.css("#password-error")[0].text(strip=True)))
        return seen

    def said(text: str) -> str:
        return text.partition(" Następną próbę")[0]  # the wait may be over when the page is made

    unknown, known = tries("90000002"), tries(account(demo, "helena")["login"])
    assert [status for status, _ in unknown[:3]] == [422, 422, 422]
    assert 429 in [status for status, _ in unknown[3:]]  # a wait of one second may pass between two tries
    assert [said(text) for _, text in unknown[:3]] == [said(text) for _, text in known[:3]]
    assert any("sekund" in text for _, text in (*unknown, *known))


def test_the_right_password_with_wrong_characters_is_wrong(demo: Demo, visitor: Visitor) -> None:
    own = account(demo, "agnieszka")
    page = at_the_password(demo, visitor, own["login"])
    places = asked_places(page)
    wrong = {name: "x" if own["identifier"][place - 1] != "x" else "y" for name, place in places.items()}
    page = page.submit("Zaloguj", password=own["password"], **wrong)
    assert page.status == 422
    assert asked_places(page) == places  # the same two until they are answered rightly
    assert with_characters(demo, page, "agnieszka").url == demo.url("millenet")


def test_a_page_of_another_site_is_never_where_it_leads(demo: Demo, visitor: Visitor) -> None:
    page = visitor.open(demo.url("millenet", "/sign-in?next=//evil.localhost/"))
    page = page.submit("Dalej", number=account(demo, "stanislaw")["login"])
    assert with_characters(demo, page, "stanislaw").url == demo.url("millenet")


def test_an_unknown_parameter_and_another_browser_get_a_clear_page(demo: Demo, new_visitor: object) -> None:
    first, second = new_visitor(), new_visitor()  # type: ignore[operator]
    assert first.open(demo.url("millenet", "/sign-in?next=/&next=/")).status == 400
    page = first.open(demo.url("millenet"))
    second.open(demo.url("millenet"))
    assert second.open(page.url).status == 410
    assert second.open(demo.url("millenet", "/sign-in?release=unknown")).status == 410


def test_portal_first_says_what_the_sign_in_is_for(demo: Demo, visitor: Visitor) -> None:
    page = visitor.open(demo.url("pue", f"/initiate?iss={demo.origin('millenet')}"))
    assert page.heading.startswith("Logowanie do PUE ZUS")
    assert "/sign-in/" in page.url
    page = page.submit("Anuluj")
    assert page.url.startswith(demo.origin("pue"))


def test_in_english(demo: Demo, new_visitor: object) -> None:
    visitor = new_visitor(language="en")  # type: ignore[operator]
    page = visitor.open(demo.url("millenet"))
    assert page.heading == "Sign in: Millenet"
    assert "The number has digits only" in page.submit("Continue", number="x").text


def test_a_new_sign_in_gives_a_new_cookie(demo: Demo, visitor: Visitor) -> None:
    signed_in(demo, visitor, "stanislaw")
    first = visitor.cookies.header(f"millenet.localhost:{demo.port}", "/", cross_site=False, method="GET")
    page = visitor.open(demo.url("millenet"))
    assert page.heading == "Dzień dobry"
    page = page.submit("Wyloguj")
    assert page.heading == "Wylogowano"
    signed_in(demo, visitor, "stanislaw")
    second = visitor.cookies.header(f"millenet.localhost:{demo.port}", "/", cross_site=False, method="GET")
    assert first != second

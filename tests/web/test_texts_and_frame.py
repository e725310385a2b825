"""The words people read, the language they read them in, and what is in every page's frame."""

from dataclasses import replace
from gettext import c2py
from importlib import resources
from io import BytesIO

import msgspec
import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from poreka.web.browser.language import language_of, texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.frame import show
from poreka.web.pages import Page, page_environment, render
from poreka.web.texts import LANGUAGES, TextMissing, WordsFault, _names_in, best_language, fill, load_texts
from tests.support.in_process import BankInProcess
from tests.web.requests_by_hand import request


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "pl"),
        ("pl", "pl"),
        ("en", "en"),
        ("en-GB,en;q=0.9,pl;q=0.1", "en"),
        ("de, en", "en"),
        ("de", "pl"),
        ("PL-pl", "pl"),
        ("*", "pl"),
        ("pl;q=0.3, en;q=0.8", "en"),
        ("de;q=0.1, pl;q=0.2, en ; Q=0.3", "en"),
        ("en;q=0.5,pl;q=0.5", "en"),
        ("en;q=0", "pl"),
        ("en;q=0.000,de", "pl"),
        ("pl;q=much,en;q=0.9", "pl"),
        ("en;q=nan", "en"),
        (",;,;", "pl"),
        ("x" * 500 + ",en", "pl"),
        ("\xff", "pl"),
    ],
)  # fmt: skip
def test_the_browser_s_language(header: str, language: str) -> None:
    assert best_language(header) == language


def asking(query: bytes = b"", cookie: str = "", accept: str = "") -> Request:
    return request(query=query, headers=[("cookie", cookie), ("accept-language", accept)])


def test_asked_for_beats_remembered_beats_the_browser_s(bank: BankInProcess) -> None:
    assert language_of(asking(b"lang=en", "language=pl", "pl"), bank.bank) == "en"
    assert language_of(asking(b"lang=xx", "language=en", "pl"), bank.bank) == "en"
    assert language_of(asking(b"", "language=xx", "en"), bank.bank) == "en"
    assert language_of(asking(), bank.bank) == "pl"
    assert texts_of(asking(accept="en"), bank.bank).language == "en"


async def test_a_language_asked_for_is_remembered(bank: BankInProcess) -> None:
    browser = bank.browser()
    await browser.open("/help?lang=en")
    assert browser.cookie("language") == "en"
    page = await browser.open("/help")
    assert page.html.root is not None
    assert page.html.root.attributes["lang"] == "en"


def test_a_fresh_browser_gets_one_name_a_request(bank: BankInProcess) -> None:
    made = request()
    assert browser_of(made, bank.bank) == browser_of(made, bank.bank)
    assert len(browser_of(made, bank.bank)) == 43
    assert browser_of(request(), bank.bank) != browser_of(made, bank.bank)
    response = redirect(made, bank.bank, "/x")
    assert (response.status_code, response.headers["location"]) == (303, "/x")
    assert browser_of(made, bank.bank) in response.headers["set-cookie"]


def test_a_known_browser_is_not_named_anew(bank: BankInProcess) -> None:
    made = request(headers=[("cookie", "browser=" + "b" * 43)])
    response = show(made, bank.bank, "web/layout/error.html", kind="not_found", status=404)
    assert "set-cookie" not in response.headers


def test_values_are_added_to_an_address() -> None:
    assert with_query("/a", {}) == "/a"
    assert with_query("/a", {"b": "c d&"}) == "/a?b=c+d%26"
    assert with_query("/a?x=1", {"b": "c"}) == "/a?x=1&b=c"


def test_both_languages_have_the_same_keys_and_the_right_number_of_forms() -> None:
    polish, english = load_texts().values()
    assert polish._plain.keys() == english._plain.keys()
    assert polish._plural.keys() == english._plural.keys()
    assert {len(forms) for forms in polish._plural.values()} == {3}
    assert {len(forms) for forms in english._plural.values()} == {2}


@pytest.mark.parametrize(
    ("count", "form"),
    [(0, 2), (1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (12, 2), (14, 2), (21, 2), (22, 1), (112, 2)],
)
def test_polish_counts(count: int, form: int) -> None:
    assert load_texts()["pl"]._form_of(count) == form


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_take_the_form_that_the_catalogues_say(language: str) -> None:
    said = resources.files("poreka.texts").joinpath(language, "release.po").read_bytes()
    form_of = c2py(read_po(BytesIO(said)).plural_expr)
    assert [load_texts()[language]._form_of(count) for count in range(250)] == [form_of(n) for n in range(250)]


def test_a_key_that_misses_is_a_mistake_of_ours() -> None:
    for texts in load_texts().values():
        with pytest.raises(TextMissing):
            texts("no.such.key")
        with pytest.raises(TextMissing):
            texts.plural("no.such.key", 2)
        assert not texts.has("no.such.key")
    assert LANGUAGES == ("pl", "en")


@given(value=st.text(max_size=50))
@settings(max_examples=50, deadline=None)
def test_what_is_put_into_a_text_is_not_read_as_a_pattern(value: str) -> None:
    texts = load_texts_once()["en"]
    assert value in texts("failure.provider_unreachable.happened", provider=value)


@pytest.mark.parametrize(
    ("text", "value", "filled"),
    [
        ("{who}. Działa.", "Bank S.A.", "Bank S.A. Działa."),
        ("{who}. Działa.", "Bank", "Bank. Działa."),
        ("Zadzwoń: {who}.", "Bank S.A.", "Zadzwoń: Bank S.A."),
        ("„{who}”. Dalej.", "Bank S.A.", "„Bank S.A.”. Dalej."),
        ("{who}... i dalej", "Bank S.A.", "Bank S.A.... i dalej"),
        ("{who}", "a..b", "a..b"),
        ("{who}. {who}.", "a.. b.", "a.. b. a.. b."),
    ],
)
def test_a_name_that_ends_with_a_full_stop_ends_the_sentence(text: str, value: str, filled: str) -> None:
    assert fill(text, {"who": value}) == filled


def test_no_text_ends_twice_whoever_is_named_in_it() -> None:
    for texts in load_texts().values():
        every = [*texts._plain.values(), *(form for forms in texts._plural.values() for form in forms)]
        seen = 0
        for text in every:
            if names := _names_in(text):
                seen += 1
                assert ".." not in fill(text, texts._said(dict.fromkeys(names, "Bank S.A."))), text
        assert seen > 300


def test_a_name_stands_in_the_case_that_a_text_asks_for() -> None:
    texts = replace(
        load_texts()["pl"], declension={"Profil Zaufany": {"genitive": "Profilu Zaufanego", "locative": ""}}
    )
    assert texts("release.heading", service="Profil Zaufany") == "Logowanie do Profilu Zaufanego"
    assert texts("release.heading", service="PUE ZUS") == "Logowanie do PUE ZUS", "no case known: the name itself"
    assert texts.name("Profil Zaufany", "locative") == "Profil Zaufany"
    assert load_texts()["en"]("release.heading", service="Profil Zaufany") == "Sign in to Profil Zaufany"
    with pytest.raises(WordsFault, match="genitive, accusative, locative"):
        texts.reworded({"release.heading": "Logowanie: {service:dative}"})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_operator_with_a_full_stop_is_named_with_one_on_a_page(bank: BankInProcess, language: str) -> None:
    about = bank.bank.settings.system
    named = msgspec.structs.replace(
        about, operator=msgspec.structs.replace(about.operator, pl="Bank S.A.", en="Bank S.A.")
    )
    system = replace(bank.bank, settings=msgspec.structs.replace(bank.bank.settings, system=named))
    page = bytes(show(asking(b"lang=" + language.encode()), system, "web/layout/error.html", kind="not_found").body)
    assert page.count(b"Bank S.A. ") == 1
    assert b"S.A.." not in page


def test_templates_escape_and_are_strict_about_names() -> None:
    environment = page_environment()
    template = environment.from_string("{{ value }}")
    assert template.render(value="<b>'\"&") == "&lt;b&gt;&#39;&#34;&amp;"
    with pytest.raises(Exception, match="undefined"):
        template.render()
    response = render_text("<p>{{ a }}{{ b }}</p>")
    assert response == b"<p>12</p>"


def render_text(source: str) -> bytes:
    from jinja2 import DictLoader

    environment = page_environment()
    environment.loader = DictLoader({"page.html": source})
    answer = render(environment, Page("page.html", {"b": 2}, 201), {"a": 1, "lang": "pl"})
    assert answer.status_code == 201
    return bytes(answer.body)


_texts = load_texts()


def load_texts_once() -> dict[str, object]:
    return _texts


async def test_the_other_language_of_an_answered_form_is_the_page_it_stands_on(bank: BankInProcess) -> None:
    page = await bank.fapi().send(await bank.signed_in())
    wrong = await page.submit("/consent")
    assert wrong.status == 422
    link = wrong.html.css_first(".p-languages a")
    assert link is not None
    there = await page.browser.open(link.attributes["href"] or "")
    assert (there.status, there.path) == (200, f"{page.path}?lang=en")
    assert there.form_to("/consent")

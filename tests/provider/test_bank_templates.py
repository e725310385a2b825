"""Pages of a bank that no journey of the demonstration's bank comes to: drawn from data, in both languages.

The sign-in on one page, a lock, a step-up, a message that was not sent, an answer sent as a form.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from poreka.codes.message_state import MessageState
from poreka.provider.rules.consent_text import Changed
from poreka.provider.rules.eligibility import Reason
from poreka.provider.sign_in.standing import SignIn
from poreka.rules.authorising.tools import Tool
from poreka.web.form_errors import NO_ERRORS
from poreka.web.pages import page_environment, static_path
from poreka.web.texts import load_texts
from tests.support.page_checks import _about_document, _about_fields, _about_inline_code

ENVIRONMENT, TEXTS = page_environment(), load_texts()
SIGN_IN = {
    "journey": "j",
    "sign_in": SignIn(),
    "service": "",
    "number_name": "Login",
    "hotline": "22 000",
    "passkey": None,
}
RELEASE = {
    "journey": "j",
    "service": "PUE ZUS",
    "purpose": "",
    "facts": [("pesel", "44051401359")],
    "signature": None,
    "lapsed": False,
}
SIGNATURE = {"summary": "Wniosek <b>", "document": "wniosek.txt", "hash": "e3b0c442 98fc1c14"}
CODE = {
    **RELEASE,
    "operation_number": 3,
    "operation_date": "15-08-2026",
    "operation_purpose": "Logowanie do PUE ZUS",
    "message": MessageState("failed", "", "failed"),
    "phone_end": "123",
    "resends_left": 0,
    "card": None,
    "code_left": 0,
    "code_until": "",
    "code_wait": 0,
}
CONSENT = {
    **RELEASE,
    "new": None,
    "keeps": "accounts",
    "offers": [],
    "text_version": "2",
    "receiver": "Bank <b>",
    "text_shown": "pl.0",
    "sentences": ("I agree.", "It is so."),
}
NEW = {
    "since": "15-08-2026 12:00",
    "version_before": "1",
    "version_now": "2",
    "added": ("pesel",),
    "removed": ("given_name",),
    "sentences": (Changed(("<i>It was.",), ("It is.",)), Changed((), ("More.",)), Changed(("Less.",), ())),
}
ENDED = {
    "told": "refused",
    "again": "3 grudnia 2026, 12:00",
    **RELEASE,
    "hotline": "",
    "to_portal": True,
    "reasons": [],
    "ways_on": {},
    "instead": [],
}
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "one page": ("provider/sign_in/password", {**SIGN_IN, "question": None, "typed": "ś"}),
    "locked": ("provider/sign_in/locked", {**SIGN_IN, "until": "12:05"}),
    "locked, no hotline": ("provider/sign_in/locked", {**SIGN_IN, "until": "12:05", "hotline": ""}),
    "step-up": ("provider/release/confirm", RELEASE),
    "not sent": ("provider/release/code", CODE),
    "code card": ("provider/release/code", {**CODE, "card": {"serial": "1234 5678", "number": 7}}),
    "to sign by SMS": ("provider/release/sign", {**RELEASE, "signature": SIGNATURE, "tool": "sms"}),
    "to sign in the app": ("provider/release/sign", {**RELEASE, "signature": SIGNATURE, "tool": "push"}),
    "a signature's code": ("provider/release/code", {**CODE, "signature": SIGNATURE}),
    "being sent": ("provider/release/code", {**CODE, "message": MessageState("sending", "", None), "resends_left": 1}),
    **{
        how: ("provider/release/code", {**CODE, "message": MessageState(how, "12:01", trouble), "resends_left": 1})
        for how, trouble in (
            ("sent", None),
            ("delivered", None),
            ("unsure", "unsure"),
            ("undelivered", "undelivered"),
            ("failed", "too_many"),
        )
    },
    "form": (
        "provider/release/form_post",
        {"address": "https://a.example/b", "parameters": {"code": "<x>", "state": "s"}},
    ),
    "no data": ("provider/release/consent", {**CONSENT, "facts": [], "offers": ["<b>"]}),
    "all is new": ("provider/release/consent", {**CONSENT, "new": NEW}),
    "words not kept": (
        "provider/release/consent",
        {**CONSENT, "new": {**NEW, "added": (), "removed": (), "sentences": None}},
    ),
    **{
        f"ended {ended}": ("provider/release/ended", {**ENDED, "ended": ended})
        for ended in ("aborted", "expired", "cancelled", "unmet")
    },
    "every reason": (
        "provider/release/ended",
        {
            **ENDED,
            "ended": "refused",
            "reasons": [one.value for one in Reason],
            "ways_on": {one.value: [("branches", "https://x")] for one in Reason},
        },
    ),
    "another tool": (
        "provider/release/ended",
        {
            **ENDED,
            "ended": "refused",
            "reasons": ["sim_unknown"],
            "ways_on": {"sim_unknown": []},
            "instead": [tool.value for tool in Tool],
        },
    ),
    "nothing to enter": ("provider/pages/offer", {"services": [], "short_cuts": [], "way": []}),
}


def draw(name: str, language: str) -> LexborHTMLParser:
    template, data = PAGES[name]
    frame = {
        "t": TEXTS[language],
        "lang": language,
        "system": SimpleNamespace(key="ipko", kind="bank", name="iPKO", accent="ipko", operator=""),
        "static": static_path,
        "csrf_token": "token",
        "demo": False,
        "errors": NO_ERRORS,
    }
    page = ENVIRONMENT.get_template(f"{template}.html").render({**frame, **data})
    return LexborHTMLParser(page)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("name", list(PAGES))
def test_the_page_is_whole_and_names_no_other_bank(name: str, language: str) -> None:
    html = draw(name, language)
    assert _about_document(html) + _about_fields(html) + _about_inline_code(html) == []
    words = html.root.text() if html.root else ""
    assert "Mille" not in words
    assert "{" not in words


def test_every_reason_has_a_message_of_its_own() -> None:
    headings = [node.text(strip=True) for node in draw("every reason", "pl").css("section h2")]
    assert len(set(headings)) == len(Reason)


def test_each_tool_that_is_offered_has_a_button_of_its_own() -> None:
    buttons = draw("another tool", "pl").css("form[action$='/tool'] button")
    assert [button.attributes["value"] for button in buttons] == [tool.value for tool in Tool]
    assert len({button.text() for button in buttons}) == len(Tool)


def test_what_was_not_sent_says_so_and_offers_no_further_code() -> None:
    html = draw("not sent", "pl")
    words = html.root.text() if html.root else ""
    assert "Nie udało się wysłać SMS-a" in words
    assert not html.css("button[formaction$='/new-code']")


def test_an_answer_by_form_goes_on_by_itself_and_by_a_button() -> None:
    html = draw("form", "pl")
    form = html.css_first("form[data-auto-submit]")
    assert form is not None
    assert form.attributes["action"] == "https://a.example/b"
    assert {node.attributes["name"]: node.attributes["value"] for node in form.css("input")} == {
        "code": "<x>",
        "state": "s",
    }
    assert form.css("button[type=submit]")

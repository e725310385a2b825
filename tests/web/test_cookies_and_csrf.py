"""Cookies as browsers will keep them, and the token that ties a form to a browser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import Response

from poreka.web.cookies import Cookies
from poreka.web.csrf import FormNotOurs, check_form, form_token
from tests.web.requests_by_hand import request

KEY, ORIGIN, BROWSER = b"k" * 32, "https://bank.example", "b" * 43


def set_cookie(cookies: Cookies, *, max_age: int | None = None) -> str:
    response = Response()
    cookies.set(response, "session", "s" * 43, max_age)
    return response.headers["set-cookie"]


def test_over_https_cookies_belong_to_this_host_alone() -> None:
    header = set_cookie(Cookies(https=True))
    assert header.startswith("__Host-session=")
    for attribute in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert attribute in header
    assert "Domain" not in header
    assert "Max-Age" not in header


def test_on_loopback_they_are_plain_and_still_http_only() -> None:
    header = set_cookie(Cookies(https=False), max_age=60)
    assert header.startswith("session=")
    assert "HttpOnly" in header
    assert "Max-Age=60" in header
    assert "Secure" not in header


def test_clearing_ends_the_cookie_that_was_set() -> None:
    response = Response()
    Cookies(https=True).clear(response, "session")
    assert response.headers["set-cookie"].startswith('__Host-session=""; ')
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert "Secure" in response.headers["set-cookie"]


@pytest.mark.parametrize(("value", "found"), [("s" * 43, True), ("s" * 42, False), ("", False), ("s" * 5000, False)])
def test_only_what_can_be_a_secret_of_ours_is_read(value: str, found: bool) -> None:
    got = Cookies(https=False).secret(request(headers=[("cookie", f"session={value}")]), "session")
    assert (got is not None) is found


def test_a_cookie_without_the_prefix_is_not_read_over_https() -> None:
    planted = request(headers=[("cookie", "session=" + "s" * 43)])
    assert Cookies(https=True).secret(planted, "session") is None


def test_a_choice_is_short() -> None:
    assert len(Cookies(https=False).choice(request(headers=[("cookie", "provider=" + "x" * 999)]), "provider")) == 200


def test_tokens_differ_by_browser_and_by_key() -> None:
    tokens = {form_token(KEY, BROWSER), form_token(KEY, "c" * 43), form_token(b"l" * 32, BROWSER)}
    assert len(tokens) == 3
    assert BROWSER not in form_token(KEY, BROWSER)


def test_a_form_of_ours_passes() -> None:
    token = form_token(KEY, BROWSER)
    for headers in (
        [],
        [("origin", ORIGIN)],
        [("sec-fetch-site", "same-origin")],
        [("sec-fetch-site", "none")],
    ):
        check_form(request("POST", headers=headers), ORIGIN, KEY, BROWSER, token)


@pytest.mark.parametrize(
    ("headers", "browser", "token", "kind"),
    [
        ([("origin", "https://evil.example")], BROWSER, None, "foreign"),
        ([("origin", "null")], BROWSER, None, "foreign"),
        ([("origin", "http://bank.example")], BROWSER, None, "foreign"),
        ([("sec-fetch-site", "cross-site")], BROWSER, None, "foreign"),
        ([("sec-fetch-site", "same-site")], BROWSER, None, "foreign"),
        ([], None, None, "no_cookies"),
        ([], BROWSER, "", "stale"),
        ([], BROWSER, "ł", "stale"),
        ([], "c" * 43, None, "stale"),
    ],
)
def test_other_forms_do_not(headers: list[tuple[str, str]], browser: str | None, token: str | None, kind: str) -> None:
    sent = form_token(KEY, BROWSER) if token is None else token
    with pytest.raises(FormNotOurs) as refused:
        check_form(request("POST", headers=headers), ORIGIN, KEY, browser, sent)
    assert refused.value.kind == kind


@given(token=st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_other_token_passes(token: str) -> None:
    if token == form_token(KEY, BROWSER):
        return
    try:
        token.encode()
    except UnicodeEncodeError:
        return  # a form is read strictly as UTF-8
    with pytest.raises(FormNotOurs):
        check_form(request("POST"), ORIGIN, KEY, BROWSER, token)

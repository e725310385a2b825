"""Answering with a page: what every page of a system has in common.

`show` renders a template inside the system's frame, in the person's language, and makes sure that
the browser has its cookie. The form token is bound to that cookie. It decides nothing.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from poreka import __version__
from poreka.rules.shown_date import time_of_day
from poreka.store.sessions import Session
from poreka.web.browser.language import language_of
from poreka.web.browser.own_cookies import browser_of, with_cookies
from poreka.web.browser.redirect import with_query
from poreka.web.contact import contact_of
from poreka.web.csrf import form_token
from poreka.web.form_errors import NO_ERRORS, FormErrors
from poreka.web.pages import Page, render, static_path
from poreka.web.sessions import details_of, limits_of
from poreka.web.system import System
from poreka.web.texts import LANGUAGES, Texts


def show(
    request: Request,
    system: System,
    template: str,
    *,
    session: Session | None = None,
    status: int | None = None,
    errors: FormErrors = NO_ERRORS,
    **data: Any,
) -> Response:
    """The page `template` with `data` inside the system's frame; with `errors` its status is 422, if not told."""
    browser, status = browser_of(request, system), status or (422 if errors else 200)
    page = Page(template, {"errors": errors, **data}, status)
    response = render(system.templates, page, _frame(request, system, browser, session, status))
    return with_cookies(request, system, response)


def _frame(request: Request, system: System, browser: str, session: Session | None, status: int) -> dict[str, Any]:
    language = language_of(request, system)
    texts = system.texts[language]
    about = system.settings.system
    # As it stands in an address; "//host" in a link would lead to another site.
    path = "/" + quote(request.scope["path"].lstrip("/"), errors="replace")
    page = _page_again(request, path)
    return {
        "t": texts,
        "lang": language,
        "languages": [(code, with_query(page, {**_kept_query(request, status), "lang": code})) for code in LANGUAGES],
        "system": {
            "key": about.key,
            "kind": about.kind,
            "name": about.name,
            "app": system.settings.push.app_name or about.name,
            "operator": about.operator.of(language),
            "accent": about.accent,
        },
        "demo": about.demo,
        "navigation": _navigation(system, texts, path) if session else [],
        "footer_links": [(texts(item.text), item.href) for item in system.footer],
        "person_name": details_of(session).name if session else None,
        "person_menu": [(texts(item.text), item.href) for item in system.person_menu] if session else [],
        "sign_out_action": "/sign-out" if session else None,
        "help_contact": contact_of(system.settings, language),
        "session": _countdown(system, session, page) if session else None,
        "csrf_token": form_token(system.keys.forms, browser),
        "static": static_path,
        "version": __version__,
        "reference": getattr(request.state, "reference", None),
        "path": path,
    }


def _page_again(request: Request, path: str) -> str:
    """Where this page is found again; the answer to a form is not found at the form's address, but above it."""
    page_above: Callable[[str], str] | None = getattr(request.state, "page_above", None)
    return page_above(path) if page_above and request.method not in ("GET", "HEAD") else path


def _countdown(system: System, session: Session, page: str) -> dict[str, Any]:
    """What the page counts down from (Z8); the way to extend is `for_everyone/sessions`."""
    return {
        "ends_at": session.ends_at,
        "now": system.clock(),
        "ends_at_text": time_of_day(session.ends_at),
        "warn_seconds": limits_of(system).warn_before,
        "extend_action": "/session/extend",
        "again_href": page,
    }


def _kept_query(request: Request, status: int) -> dict[str, str]:
    """What the address says besides the language, for a page in another one; a refused address is not repeated."""
    if request.method != "GET" or status != 200 or not request.scope["query_string"]:
        return {}
    return {name: value for name, value in request.query_params.items() if name != "lang"}


def _navigation(system: System, texts: Texts, path: str) -> list[tuple[str, str, bool]]:
    return [(texts(item.text), item.href, item.href == path) for item in system.navigation]

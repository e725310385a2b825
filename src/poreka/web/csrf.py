"""Protection of forms: a token in each, bound by a keyed hash to the browser's own cookie.

A form without the cookie means that cookies are off; with another token, that the page is stale or
not ours. Both get a page that says what to do. The Origin and Sec-Fetch-Site headers are a second
line. Not for client endpoints: those have no cookies.
"""

import base64
import hmac

from starlette.requests import Request


class FormNotOurs(Exception):
    """The form did not come from a page of ours in this browser; `kind` is a text key's last part."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def form_token(key: bytes, browser: str) -> str:
    """The token that forms of this browser carry."""
    return base64.urlsafe_b64encode(hmac.digest(key, b"form " + browser.encode(), "sha256")).decode().rstrip("=")


def check_form(request: Request, origin: str, key: bytes, browser: str | None, token: str) -> None:
    """Raise `FormNotOurs` unless the form carries this browser's token and comes from our own origin."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FormNotOurs("foreign")
    if request.headers.get("origin", origin) != origin:
        raise FormNotOurs("foreign")
    if browser is None:
        raise FormNotOurs("no_cookies")
    if not hmac.compare_digest(form_token(key, browser).encode(), token.encode()):
        raise FormNotOurs("stale")

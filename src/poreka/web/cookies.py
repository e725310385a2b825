"""The few cookies we set, all host-only, HttpOnly, SameSite=Lax; over https with the `__Host-` prefix.

`session` is a signed-in session's secret, `browser` a random name of this browser, to which
journeys and form tokens are bound, `language` and `provider` are choices remembered on the device.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

_SECRET_LENGTH = 43  # 256 bits in base64url
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Cookies:
    """How one system names and sets its cookies; `https` decides on the prefix and `Secure`."""

    https: bool

    def name(self, plain: str) -> str:
        """The cookie's name as the browser sees it (RFC 6265bis §4.1.3)."""
        return f"__Host-{plain}" if self.https else plain

    def secret(self, request: Request, plain: str) -> str | None:
        """A secret cookie's value, or None when it is missing or cannot be one of ours."""
        value = request.cookies.get(self.name(plain))
        return value if value is not None and len(value) == _SECRET_LENGTH else None

    def choice(self, request: Request, plain: str) -> str:
        """A remembered choice, at most 200 characters, or empty text; never trusted further than a link would be."""
        return request.cookies.get(self.name(plain), "")[:200]

    def set(self, response: Response, plain: str, value: str, max_age: int | None = None) -> None:
        """Set a cookie for the browser session, or for `max_age` seconds."""
        response.set_cookie(
            self.name(plain), value, max_age=max_age, path="/", secure=self.https, httponly=True, samesite="lax"
        )

    def clear(self, response: Response, plain: str) -> None:
        """Remove a cookie."""
        response.delete_cookie(self.name(plain), path="/", secure=self.https, httponly=True, samesite="lax")

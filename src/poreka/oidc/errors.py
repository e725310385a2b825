"""A peer's fault, as an exception typed by where its answer goes.

Each carries a public ``description`` (our own words, never an echo of what was sent) and a private ``detail``
for the log of the operator, which never leaves the process. A refusal by one of *our* rules is not here: that
is a value. ``TokenRefused`` is the one fault without a destination: the caller that knows where the token
came from gives it one. Read next: ``jose`` raises the token faults; ``provider.authorization_request`` shows
from where on a fault may be redirected.
"""

from collections.abc import Mapping

import msgspec

NO_HEADERS: Mapping[str, str] = {}


class Fault(Exception):
    """The peer did something wrong; ``description`` may be told, ``detail`` may not."""

    def __init__(self, description: str, *, detail: str = "") -> None:
        super().__init__(description)
        self.description = description
        self.detail = detail


class TokenRefused(Fault):
    """A JWT that does not verify or does not say what it must (RFC 7519 §7.2, RFC 8725 §3)."""


class KeyUnknown(TokenRefused):
    """The ``kid`` is in none of the keys we hold: the caller may fetch the peer's keys again, once, and
    retry.
    """


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """A proven place to send the browser: a registered ``redirect_uri`` and what must travel with it.

    In the JWT response modes the answer is signed for the client ``client_id`` with ``signed_with``; ``poreka_reason``
    is sent to clients that registered for it alone.
    """

    redirect_uri: str
    state: str | None = None
    response_mode: str = "query"
    client_id: str = ""
    signed_with: str = "ES256"
    poreka_reason: bool = False


class ShownToPerson(Fault):
    """The client or its address is not proven, so the person is told here and nothing is redirected (RFC 6749
    §4.1.2.1).
    """

    def __init__(self, error: str, description: str, *, detail: str = "") -> None:
        super().__init__(description, detail=detail)
        self.error = error


class SentToClient(Fault):
    """Sent back through the browser to the proven ``destination`` (RFC 6749 §4.1.2.1, OpenID Connect Core
    §3.1.2.6).
    """

    def __init__(
        self,
        error: str,
        description: str,
        *,
        detail: str = "",
        poreka_reason: str | None = None,
        destination: Destination | None = None,
    ) -> None:
        super().__init__(description, detail=detail)
        self.error = error
        self.poreka_reason = poreka_reason
        self.destination = destination


class AnsweredAsJson(Fault):
    """Answered directly to the client that called, as JSON (RFC 6749 §5.2, RFC 9126 §2.3)."""

    def __init__(
        self,
        error: str,
        description: str,
        *,
        status: int = 400,
        headers: Mapping[str, str] = NO_HEADERS,
        detail: str = "",
    ) -> None:
        super().__init__(description, detail=detail)
        self.status = status
        self.error = error
        self.headers = headers

    def body(self) -> dict[str, str]:
        """The JSON body of the answer (RFC 6749 §5.2)."""
        return {"error": self.error, "error_description": self.description}


class RefusedBearer(Fault):
    """A protected resource says no, in ``WWW-Authenticate`` (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3).

    ``error`` is ``None`` where no token came at all: then only the challenge is given (RFC 6750 §3.1).
    """

    def __init__(
        self,
        error: str | None,
        description: str,
        *,
        status: int = 401,
        scheme: str = "Bearer",
        parameters: Mapping[str, str] = NO_HEADERS,
        headers: Mapping[str, str] = NO_HEADERS,
        detail: str = "",
    ) -> None:
        super().__init__(description, detail=detail)
        self.status = status
        self.error = error
        self.scheme = scheme
        told = {"error": error, "error_description": description} if error is not None else {}
        pairs = ", ".join(f'{name}="{value}"' for name, value in {**told, **parameters}.items())
        self.headers: dict[str, str] = {**headers, "WWW-Authenticate": f"{scheme} {pairs}".rstrip()}


class SingleUse(msgspec.Struct, frozen=True, kw_only=True):
    """Something valid once: the caller stores it as a unique row and treats "already there" as a replay.

    ``expires_at`` is in seconds since the epoch; before then a second sight must be recognised.
    """

    kind: str
    value: str
    expires_at: int

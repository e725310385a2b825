"""A mail server that runs in the test's own event loop, and remembers what it took."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "not-a-real-password"


@dataclass
class Postbox:
    """A mail server's behaviour: what it answers, and what it took."""

    to_recipient: str = "250 OK"
    to_data: str = "250 OK"
    taken: list[Envelope] = field(default_factory=list)
    signed_in: list[bytes] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    called_itself: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server library's name
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(to)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.encrypted.append(session.ssl is not None)
        self.called_itself.append(session.host_name or "")
        if self.to_data.startswith("2"):
            self.taken.append(envelope)
        return self.to_data

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.signed_in.append(data.login)
        right = data.password == PASSWORD.encode()
        return AuthResult(success=right, handled=right)  # not handled: the server says 535


@asynccontextmanager
async def listening(
    protocol: Callable[[], asyncio.BaseProtocol], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve a protocol on a free port, which is what this gives."""
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def mail_server(postbox: Postbox, **options: Any) -> Callable[[], SMTP]:
    """What `listening` needs to serve a postbox; options are the server library's."""
    return lambda: SMTP(postbox, hostname="mail.localhost", enable_SMTPUTF8=False, **options)

"""Sending e-mail through a mail server: one connection and one letter for each message.

The body's first line is the subject; the text begins after the empty line below it. `Message-ID` is made of the
message's id, so that a letter that was sent again can be recognised. The standard library's client blocks, so it
runs in threads of its own: a mail server that does not answer must not keep those that hash passwords.
What went wrong is told by codes and kinds alone, for a mail server's own words repeat addresses.
"""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from poreka.delivery.email_settings import Email
from poreka.delivery.sender import SECONDS_TO_ANSWER, MayHaveLeft, SendingFailed
from poreka.delivery.worker import AT_A_TIME
from poreka.rules.people.contact import EmailFault, read_email
from poreka.store.outbox import Message

SECONDS_IN_ALL = 15.0  # a server that answers byte by byte keeps a letter no longer


class SmtpEmail:
    """Hands letters to the operator's mail server; `shown_name` stands beside the address they come from."""

    name = "smtp"
    recognises = False  # `Message-ID` lets a reader recognise a letter, but no server must

    def __init__(
        self,
        server: Email,
        password: str,
        shown_name: str,
        clock: Callable[[], int],
        *,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS_TO_ANSWER,
    ) -> None:
        self._server, self._password, self._clock = server, password, clock
        self._tls, self._seconds = tls or ssl.create_default_context(), seconds
        local, _, self._domain = server.from_address.partition("@")
        self._from = Address(shown_name, local, self._domain)
        self._threads = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="smtp")

    async def send(self, message: Message) -> None:
        """Hand the letter over; raises `SendingFailed`, or `MayHaveLeft` when no answer came to the whole letter."""
        letter = self._letter(message)
        loop = asyncio.get_running_loop()
        limit = asyncio.timeout(SECONDS_IN_ALL)
        try:
            async with limit:
                await loop.run_in_executor(self._threads, self._hand_over, letter, message.recipient)
        except MayHaveLeft:
            raise
        except Exception as fault:  # whatever went wrong on the way; its text may hold the address
            if limit.expired():
                raise MayHaveLeft("the mail server takes too long; its thread goes on") from None
            raise _failure(fault) from None

    def _letter(self, message: Message) -> EmailMessage:
        """The letter; its policy refuses line breaks within a header, so that no body or address adds one."""
        if isinstance(read_email(message.recipient), EmailFault):
            raise SendingFailed("the recipient is not one address", for_good=True)
        subject, _, text = message.body.partition("\n")
        letter = EmailMessage(policy=SMTP)
        try:
            letter["From"] = self._from
            letter["To"] = message.recipient
            letter["Subject"] = subject.strip()
            letter["Date"] = datetime.fromtimestamp(self._clock(), UTC)
            letter["Message-ID"] = f"<{message.id}@{self._domain}>"
            letter["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: nobody's holiday notice answers it
            # Quoted-printable, because not every server takes eight bits (RFC 6152).
            letter.set_content(text.removeprefix("\n"), cte="quoted-printable")
        except ValueError:
            raise SendingFailed("the message cannot be made into a letter", for_good=True) from None
        return letter

    def _hand_over(self, letter: EmailMessage, recipient: str) -> None:
        """One conversation with the mail server (RFC 5321); in a thread."""
        connection = self._connected()
        try:
            if self._server.security == "starttls":
                connection.starttls(context=self._tls)  # raises when the server has none: nothing leaves in the clear
            if self._server.username:
                connection.login(self._server.username, self._password)
            connection.send_message(letter, self._server.from_address, [recipient])
        except OSError as fault:
            if connection.unanswered:
                raise MayHaveLeft(f"no answer to the letter: {type(fault).__name__}") from None
            raise
        finally:
            # A farewell that goes wrong changes nothing: the letter was taken, or the fault is under way already.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> "_Conversation":
        host, port, seconds = self._server.host, self._server.port, self._seconds
        if self._server.security == "tls":
            return _ConversationInTls(host, port, self._domain, timeout=seconds, context=self._tls)
        return _Conversation(host, port, self._domain, timeout=seconds)


class _Conversation(smtplib.SMTP):
    """Remembers whether a letter is on its way to which no answer came yet (RFC 5321 §4.5.3.2.6)."""

    unanswered = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.unanswered = True
        try:
            answer = super().data(msg)
        except smtplib.SMTPDataError:  # DATA itself was refused, and nothing followed it
            self.unanswered = False
            raise
        self.unanswered = False
        return answer


class _ConversationInTls(_Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


def _failure(fault: Exception) -> SendingFailed:
    """5xx to this letter is for good. 5xx to the connection or the password is not: an operator can put it right."""
    match fault:
        case smtplib.SMTPRecipientsRefused():
            code = max(int(code) for code, _ in fault.recipients.values())
            return SendingFailed(f"the mail server refused the recipient: {code}", for_good=code >= 500)
        case smtplib.SMTPSenderRefused() | smtplib.SMTPDataError():
            code = fault.smtp_code
            return SendingFailed(f"the mail server refused the letter: {code}", for_good=code >= 500)
        case smtplib.SMTPAuthenticationError():
            return SendingFailed(f"the mail server refused the username or password: {fault.smtp_code}")
        case smtplib.SMTPResponseException():
            return SendingFailed(f"the mail server is not ready: {fault.smtp_code}")
        case ssl.SSLCertVerificationError():
            return SendingFailed("the mail server's certificate cannot be trusted")
        case _:
            return SendingFailed(f"the mail server cannot be reached: {type(fault).__name__}")

"""E-mail through a real mail server that runs beside the test: what arrives, and what every refusal means."""

import asyncio
import socket
import ssl
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, Envelope

from poreka.delivery import smtp
from poreka.delivery.email_settings import Email
from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.delivery.smtp import SmtpEmail
from poreka.demo.tls_certificates import certify, trusting
from poreka.store.outbox import Message
from tests.support.mail_server import PASSWORD, Postbox, listening, mail_server

NOW = 1_790_000_000
MESSAGE = Message(
    id="0123456789abcdefghijklmnop",
    channel="email",
    recipient="zofia.nowak@poczta.example",
    body="Kod z portalu: zażółć gęślą jaźń\n\nOperacja nr 3 z dnia 5 maja\nKod: 987654\n.\nKoniec – żegnamy.",
    about="operation:o:0",
    created_at=NOW,
    due_at=NOW,
    expires_at=NOW + 300,
)


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def inside(tmp_path: Path) -> ssl.SSLContext:
    """The server's side of TLS; `tmp_path` then holds the authority that made its certificate."""
    made = certify(tmp_path, ["localhost"])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.certificate, made.key)
    return context


def through(
    port: int,
    security: Literal["starttls", "tls", "none"] = "none",
    *,
    trusted: Path | None = None,
    host: str = "localhost",
    username: str = "",
    password: str = PASSWORD,
    seconds: float = 5,
) -> SmtpEmail:
    server = Email(
        sender="smtp",
        host=host,
        port=port,
        security=security,
        username=username,
        password_file="mail.password" if username else "",
        from_address="no-reply@pue.example",
    )
    tls = trusting(trusted) if trusted else None
    return SmtpEmail(server, password, "PUE „Żółw”, portal", lambda: NOW, tls=tls, seconds=seconds)


async def failure_of(sender: SmtpEmail, message: Message = MESSAGE) -> SendingFailed:
    """The failure of sending; it never shows address, text or password, not even to a traceback."""
    with pytest.raises(SendingFailed) as failed:
        await sender.send(message)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__ or failed.value.__context__ is None
    for private in ("nowak", "987654", "Operacja", PASSWORD, "wrong"):
        assert private not in str(failed.value)
    return failed.value


def read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    letter = message_from_bytes(envelope.content, policy=default)
    assert isinstance(letter, EmailMessage)
    assert not letter.defects
    return letter


class TestTheLetter:
    async def test_it_arrives_as_it_was_written_polish_letters_and_all(self, postbox: Postbox) -> None:
        async with listening(mail_server(postbox)) as port:
            await through(port).send(MESSAGE)
        [envelope] = postbox.taken
        assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@pue.example", ["zofia.nowak@poczta.example"])
        assert postbox.called_itself == ["pue.example"]
        letter = read(envelope)
        assert letter["Subject"] == "Kod z portalu: zażółć gęślą jaźń"
        assert letter["To"] == "zofia.nowak@poczta.example"
        assert [(one.display_name, one.addr_spec) for one in letter["From"].addresses] == [
            ("PUE „Żółw”, portal", "no-reply@pue.example")
        ]
        assert letter["Date"].datetime.timestamp() == NOW
        assert letter["Auto-Submitted"] == "auto-generated"
        assert (letter.get_content_type(), letter.get_content_charset()) == ("text/plain", "utf-8")
        text = letter.get_content().replace("\r\n", "\n")
        assert text == "Operacja nr 3 z dnia 5 maja\nKod: 987654\n.\nKoniec – żegnamy.\n"

    async def test_it_is_seven_bit_and_its_lines_are_short(self, postbox: Postbox) -> None:
        long = replace(MESSAGE, body="ż" * 200 + "\n\n" + "źdźbło " * 300)
        async with listening(mail_server(postbox)) as port:
            await through(port).send(long)
        content = postbox.taken[0].content
        assert isinstance(content, bytes)
        assert content.isascii()
        assert max(map(len, content.split(b"\r\n"))) <= 78
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert read(postbox.taken[0])["Subject"] == "ż" * 200

    async def test_a_repetition_can_be_recognised(self, postbox: Postbox) -> None:
        async with listening(mail_server(postbox)) as port:
            await through(port).send(MESSAGE)
            await through(port).send(MESSAGE)
            await through(port).send(replace(MESSAGE, id="another"))
        ids = [read(envelope)["Message-ID"] for envelope in postbox.taken]
        assert ids == ["<0123456789abcdefghijklmnop@pue.example>"] * 2 + ["<another@pue.example>"]

    async def test_many_go_side_by_side(self, postbox: Postbox) -> None:
        async with listening(mail_server(postbox)) as port:
            sender = through(port)
            await asyncio.gather(*(sender.send(replace(MESSAGE, id=f"m{n}")) for n in range(8)))
        assert {read(envelope)["Message-ID"] for envelope in postbox.taken} == {f"<m{n}@pue.example>" for n in range(8)}

    @pytest.mark.parametrize("local", ["a..b", ".a", "o'neil+x", "a{b}"])
    async def test_every_address_that_our_forms_take_is_written_to(self, postbox: Postbox, local: str) -> None:
        async with listening(mail_server(postbox)) as port:
            await through(port).send(replace(MESSAGE, recipient=f"{local}@poczta.example"))
        assert postbox.taken[0].rcpt_tos == [f"{local}@poczta.example"]
        assert isinstance(postbox.taken[0].content, bytes)
        assert f"To: {local}@poczta.example\r\n".encode() in postbox.taken[0].content


class TestInjection:
    @pytest.mark.parametrize(
        "recipient",
        [
            "zofia.nowak@poczta.example\r\nBcc: eve@evil.example",
            "zofia.nowak@poczta.example\nX: y",
            "zofia.nowak@poczta.example, eve@evil.example",
            "zofia.nowak@poczta.example>\r\nRCPT TO:<eve@evil.example",
            "Zofia <zofia.nowak@poczta.example>",
            "",
        ],
    )
    async def test_a_recipient_is_one_address_or_nothing_is_sent(self, postbox: Postbox, recipient: str) -> None:
        async with listening(mail_server(postbox)) as port:
            failure = await failure_of(through(port), replace(MESSAGE, recipient=recipient))
        assert failure.for_good
        assert not postbox.taken

    @pytest.mark.parametrize("end", ["\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
    async def test_a_subject_is_one_line_or_nothing_is_sent(self, postbox: Postbox, end: str) -> None:
        async with listening(mail_server(postbox)) as port:
            failure = await failure_of(
                through(port), replace(MESSAGE, body=f"Kod{end}Bcc: eve@evil.example\n\nKod: 987654")
            )
        assert failure.for_good
        assert not postbox.taken

    async def test_nor_does_a_text_add_headers_recipients_or_letters(self, postbox: Postbox) -> None:
        body = "Kod\nBcc: eve@evil.example\n\n\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n"
        async with listening(mail_server(postbox)) as port:
            await through(port).send(replace(MESSAGE, body=body))
        [envelope] = postbox.taken
        assert envelope.rcpt_tos == ["zofia.nowak@poczta.example"]
        assert read(envelope)["Bcc"] is None
        assert "MAIL FROM:<eve@evil.example>" in read(envelope).get_content()


class TestEncryption:
    async def test_starttls_and_a_password(self, postbox: Postbox, inside: ssl.SSLContext, tmp_path: Path) -> None:
        server = mail_server(postbox, tls_context=inside, require_starttls=True, authenticator=postbox.authenticate)
        async with listening(server) as port:
            await through(port, "starttls", trusted=tmp_path, username="pue").send(MESSAGE)
        assert (postbox.encrypted, postbox.signed_in) == ([True], [b"pue"])
        assert len(postbox.taken) == 1

    async def test_tls_from_the_first_byte_on(self, postbox: Postbox, inside: ssl.SSLContext, tmp_path: Path) -> None:
        async with listening(mail_server(postbox), inside) as port:
            await through(port, "tls", trusted=tmp_path).send(MESSAGE)
        assert len(postbox.taken) == 1

    async def test_an_authority_that_nobody_here_knows(self, postbox: Postbox, inside: ssl.SSLContext) -> None:
        async with listening(mail_server(postbox, tls_context=inside)) as port:
            failure = await failure_of(through(port, "starttls"))
        async with listening(mail_server(postbox), inside) as port:
            again = await failure_of(through(port, "tls"))
        assert not postbox.taken
        assert "certificate" in str(failure)
        assert (str(failure), failure.for_good) == (str(again), again.for_good)
        assert not failure.for_good

    async def test_a_certificate_for_another_name(self, postbox: Postbox, tmp_path: Path) -> None:
        made = certify(tmp_path, ["other.localhost"])
        other = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        other.load_cert_chain(made.certificate, made.key)
        async with listening(mail_server(postbox, tls_context=other)) as port:
            failure = await failure_of(through(port, "starttls", trusted=tmp_path))
        assert "certificate" in str(failure)
        assert not postbox.taken

    async def test_nothing_goes_in_the_clear_when_the_server_offers_no_starttls(
        self, postbox: Postbox, tmp_path: Path
    ) -> None:
        server = mail_server(postbox, authenticator=postbox.authenticate, auth_require_tls=False)
        async with listening(server) as port:
            failure = await failure_of(through(port, "starttls", username="pue"))
        assert "SMTPNotSupportedError" in str(failure)
        assert not failure.for_good
        assert not postbox.signed_in
        assert not postbox.taken


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "for_good"),
        [(550, True), (553, True), (421, False), (450, False), (451, False)],
    )
    async def test_of_the_recipient(self, postbox: Postbox, code: int, for_good: bool) -> None:
        postbox.to_recipient = f"{code} <zofia.nowak@poczta.example> is not welcome"
        async with listening(mail_server(postbox)) as port:
            failure = await failure_of(through(port))
        assert (failure.for_good, str(code) in str(failure)) == (for_good, True)

    @pytest.mark.parametrize(("code", "for_good"), [(554, True), (421, False), (452, False)])
    async def test_of_the_letter(self, postbox: Postbox, code: int, for_good: bool) -> None:
        postbox.to_data = f"{code} your code 987654 looks like spam"
        async with listening(mail_server(postbox)) as port:
            failure = await failure_of(through(port))
        assert (failure.for_good, str(code) in str(failure)) == (for_good, True)

    async def test_of_the_password_which_an_operator_can_put_right(
        self, postbox: Postbox, inside: ssl.SSLContext, tmp_path: Path
    ) -> None:
        server = mail_server(postbox, tls_context=inside, authenticator=postbox.authenticate)
        async with listening(server) as port:
            failure = await failure_of(through(port, "starttls", trusted=tmp_path, username="pue", password="wrong"))
        assert not failure.for_good
        assert "password" in str(failure)
        assert not postbox.taken


class Speaking(asyncio.Protocol):
    """A mail server that says the same to everything: nothing at all if that is empty."""

    def __init__(self, greeting: bytes, then: bytes = b"") -> None:
        self._greeting, self._then = greeting, then

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._greeting:
            transport.write(self._greeting)

    def data_received(self, data: bytes) -> None:
        if self._then == b"hang up":
            self._transport.abort()
        elif self._then:
            self._transport.write(self._then)


class TestDeadServers:
    async def test_nobody_listens(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            failure = await failure_of(through(taken.getsockname()[1]))
        assert not failure.for_good

    @pytest.mark.parametrize(
        ("greeting", "then"),
        [
            (b"", b""),
            (b"421 too many connections\r\n", b""),
            (b"554 go away\r\n", b""),
            (b"220 hello\r\n", b"hang up"),
            (b"220 hello\r\n", b"500 what?\r\n"),
            (b"HTTP/1.1 400 Bad Request\r\n\r\n", b""),
            (b"\xff" * 10_000 + b"\r\n", b""),
        ],
    )
    async def test_what_is_no_working_mail_server_is_tried_again(self, greeting: bytes, then: bytes) -> None:
        async with listening(lambda: Speaking(greeting, then)) as port:
            failure = await failure_of(through(port, seconds=0.3))
        assert not failure.for_good

    async def test_a_farewell_that_goes_wrong_does_not_unsend_a_letter(self, postbox: Postbox) -> None:
        class Rude(SMTP):
            async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
                await self.push("500 no")

        async with listening(lambda: Rude(postbox, hostname="mail.localhost")) as port:
            await through(port).send(MESSAGE)
        assert len(postbox.taken) == 1

    async def test_the_event_loop_goes_on_meanwhile(self) -> None:
        async with listening(lambda: Speaking(b"")) as port:
            sending = asyncio.create_task(failure_of(through(port, seconds=0.5)))
            turns = 0
            while not sending.done():
                await asyncio.sleep(0.01)
                turns += 1
        await sending
        assert turns > 1


class TestInDoubt:
    """The whole letter was on its way, and no answer came."""

    async def test_a_server_that_hangs_up_after_the_letter(self, postbox: Postbox) -> None:
        class HangsUp(SMTP):
            async def push(self, status: str | bytes) -> None:
                if postbox.taken:
                    assert self.transport is not None
                    self.transport.abort()
                else:
                    await super().push(status)

        async with listening(lambda: HangsUp(postbox, hostname="mail.localhost", enable_SMTPUTF8=False)) as port:
            with pytest.raises(MayHaveLeft) as doubt:
                await through(port).send(MESSAGE)
        assert len(postbox.taken) == 1
        assert "987654" not in str(doubt.value)

    async def test_a_server_that_does_not_answer_the_letter(self, postbox: Postbox) -> None:
        class Silent(SMTP):
            async def push(self, status: str | bytes) -> None:
                if not postbox.taken:
                    await super().push(status)

        async with listening(lambda: Silent(postbox, hostname="mail.localhost", enable_SMTPUTF8=False)) as port:
            with pytest.raises(MayHaveLeft):
                await through(port, seconds=0.3).send(MESSAGE)

    async def test_a_server_that_takes_too_long_in_all(self, postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smtp, "SECONDS_IN_ALL", 0.05)
        async with listening(lambda: Speaking(b"")) as port:
            with pytest.raises(MayHaveLeft):
                await through(port, seconds=0.5).send(MESSAGE)


def test_the_settings_hold_no_password() -> None:
    assert "password" not in {field.name for field in msgspec.structs.fields(Email)}
    assert PASSWORD not in repr(through(25))

"""What a system that is served alone sends with: the mail server of its settings, or the demonstration's inbox."""

import ssl
from importlib import resources
from pathlib import Path

import pytest

from poreka.cli.single import Single, build_single
from poreka.demo.tls_certificates import certify
from poreka.settings import read_settings
from poreka.store.outbox import Message
from poreka.store.sqlite.engine import open_sqlite
from poreka.web.settings.every_kind import CommonSettings, SettingsError
from tests.support.mail_server import PASSWORD, Postbox, listening, mail_server
from tests.support.waiting import looks_again


def portal(folder: Path, port: int | None) -> CommonSettings:
    """A portal of the demonstration; its e-mail leaves through a server at that port, if there is one."""
    text = resources.files("poreka.presets").joinpath("pue.toml").read_text("utf-8")
    email = f"""
        [email]
        sender = "smtp"
        host = "localhost"
        port = {port}
        security = "starttls"
        from_address = "no-reply@pue.example"
        username = "pue"
        password_file = "pue.password"
        """
    file = folder / "pue.toml"
    file.write_text(text + (email if port else ""), encoding="utf-8")
    return read_settings(file)


def password_file(folder: Path, mode: int = 0o600) -> None:
    file = folder / "pue.password"
    file.write_text(f"{PASSWORD}\n")
    file.chmod(mode)


async def send(single: Single) -> None:
    """Put a letter into the outbox and wait until the worker has taken it out."""
    system = single.system
    now = system.clock()
    message = Message(
        id="m1",
        channel="email",
        recipient="zofia.nowak@poczta.example",
        body="Temat\n\nTreść",
        about="test:1",
        created_at=now,
        due_at=now,
        expires_at=now + 60,
    )
    async with system.database.transaction() as transaction:
        await transaction.insert(system.outbox.adding(message))
    system.wake_delivery()
    async for _ in looks_again():
        delivery = await system.outbox.status_of("test:1")
        if delivery is not None and delivery.dispatched_at is not None:
            return
    pytest.fail("the letter was not sent")


async def test_a_letter_leaves_through_the_mail_server_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password_file(tmp_path)
    (tmp_path / "tls").mkdir()
    postbox = Postbox()
    made = certify(tmp_path / "tls", ["localhost"])
    inside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    inside.load_cert_chain(made.certificate, made.key)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))  # as if this machine trusted it
    server = mail_server(postbox, tls_context=inside, authenticator=postbox.authenticate, auth_required=True)
    async with listening(server) as port:
        single = await build_single(portal(tmp_path, port), tmp_path)
        try:
            await send(single)
        finally:
            await single.stop()
    [envelope] = postbox.taken
    assert envelope.rcpt_tos == ["zofia.nowak@poczta.example"]
    assert postbox.signed_in == [b"pue"]


async def test_a_password_that_others_may_read_is_refused_at_start(tmp_path: Path) -> None:
    password_file(tmp_path, 0o644)
    with pytest.raises(SettingsError, match=r"pue\.password: others may read this password file"):
        await build_single(portal(tmp_path, 25), tmp_path)


async def test_the_demonstration_delivers_into_its_inbox(tmp_path: Path) -> None:
    single = await build_single(portal(tmp_path, None), tmp_path)
    try:
        await send(single)
    finally:
        await single.stop()
    inbox = open_sqlite(tmp_path / "phone.db")
    rows = await inbox.all("SELECT channel, sender FROM messages")
    await inbox.close()
    assert [(row["channel"], row["sender"]) for row in rows] == [("email", "PUE ZUS")]

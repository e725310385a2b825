"""What a system that is served alone sends its SMS with: the gateways of its settings, with their secrets."""

from importlib import resources
from pathlib import Path

import pytest

from poreka.delivery.http_sms import HttpSms
from poreka.delivery.smpp import SmppSms
from poreka.outgoing.back_channel import Reach
from poreka.running import senders
from poreka.running.foundation import lay
from poreka.running.real_clock import real_clock
from poreka.running.senders import WaysOut, build_outgoing
from poreka.settings import read_settings
from poreka.store.outbox import Message, Outbox
from poreka.web.settings.every_kind import CommonSettings, SettingsError

GATEWAYS = """
sender = "gateways"
name = "BANK"
[[sms.gateways]]
kind = "smpp"
name = "centre"
host = "smsc.example"
system_id = "bank"
password_file = "centre.password"
[[sms.gateways]]
kind = "http"
name = "operator"
url = "https://sms.example/"
headers = { authorization = "Bearer {secret}" }
secret_file = "operator.key"
"""


def bank(folder: Path, *, password: str = "hush-8ch", mode: int = 0o600) -> CommonSettings:
    text = resources.files("poreka.presets").joinpath("millenet.toml").read_text("utf-8")
    file = folder / "bank.toml"
    file.write_text(text.replace('sender = "demo_phone"\n', GATEWAYS), encoding="utf-8")
    for name, secret in (("centre.password", password), ("operator.key", "key")):
        (folder / name).write_text(secret)
        (folder / name).chmod(mode)
    return read_settings(file)


async def built(settings: CommonSettings, folder: Path) -> WaysOut:
    base = await lay(settings, folder, real_clock)
    try:
        return await build_outgoing(base, Reach())
    finally:
        await base.database.close()


async def test_the_gateways_stand_in_their_order_and_are_closed_at_the_end(tmp_path: Path) -> None:
    ways = await built(bank(tmp_path), tmp_path)
    first, second = ways.senders["sms"]
    assert isinstance(first, SmppSms)
    assert isinstance(second, HttpSms)
    assert (first.name, second.name, len(ways.closing)) == ("centre", "operator", 2)
    for close in ways.closing:
        await close()


async def test_a_secret_that_others_may_read_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"centre\.password: others may read"):
        await built(bank(tmp_path, mode=0o644), tmp_path)


async def test_a_password_too_long_for_smpp_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="an SMPP password has at most 8 characters") as refused:
        await built(bank(tmp_path, password="nine-char"), tmp_path)
    assert "nine-char" not in str(refused.value)


async def test_a_report_may_come_before_another_process_has_recorded_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = await lay(bank(tmp_path), tmp_path, lambda: 7)
    outbox = Outbox(base.database, base.seal, base.fresh)
    message = Message(
        id="m", channel="sms", recipient="600201011", body="x", about="a", created_at=1, due_at=1, expires_at=9
    )
    await base.database.insert(outbox.adding(message))
    await outbox.handing_over(base.database, message, "centre", 2)

    async def meanwhile(_: float) -> None:
        await outbox.dispatched(base.database, message, 3, reference="r-1")

    monkeypatch.setattr(senders.asyncio, "sleep", meanwhile)
    assert await senders._take_report(outbox, base, "centre", "r-1", "", "delivered")
    assert not await senders._take_report(outbox, base, "centre", "nobody's", "", "delivered")
    delivery = await outbox.status_of("a")
    await base.database.close()
    assert delivery is not None
    assert (delivery.report, delivery.reported_at) == ("delivered", 7)

"""Waking a phone by Web Push: what a push service sees, what it never sees, and how a phone does without."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.delivery.sender import SendingFailed
from poreka.delivery.web_push import sender_key
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.store.outbox import Message
from poreka.systems.mobywatel.push_sender import PushSender
from tests.support.in_process import NOBODY_TRUSTED
from tests.support.profile_and_app import Handset, ProfileAndApp, profile_and_app


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def woken(both: ProfileAndApp, subscription: str = "") -> Handset:
    """A phone that takes push messages."""
    phone = await both.enrol()
    page = await both.unlocked(phone, "/phones")
    page = await page.submit("/phones/push", subscription=subscription or both.push.subscription())
    assert "Powiadomienia są włączone" in page.text
    return phone


async def test_a_request_wakes_the_phone_and_says_nothing_else(both: ProfileAndApp) -> None:
    await woken(both)
    _, number, request = await both.asked(await both.owner())
    assert await both.app_worker.send_due() == 1
    ((headers, plain),) = both.push.taken
    assert plain == b'{"waiting":true}'
    assert 0 < int(headers["ttl"]) <= 120
    assert (headers["urgency"], headers["topic"]) == ("high", request)
    assert headers["authorization"].startswith("vapid t=")
    assert number not in {value for name, value in headers.items() if name != "ttl"}


async def test_the_push_service_gets_nothing_once_the_request_is_over(both: ProfileAndApp) -> None:
    await woken(both)
    await both.asked(await both.owner())
    both.clock.advance(120)
    await both.app_worker.send_due()
    assert both.push.taken == []


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_gone_is_forgotten(both: ProfileAndApp, status: int) -> None:
    phone = await woken(both)
    both.push.status = status
    _, _, request = await both.asked(await both.owner())
    await both.app_worker.send_due()
    device = await both.app.devices.load(phone.device_id)
    assert device is not None
    assert device.subscription is None
    page = await phone.browser.open("/")
    assert "Profil Zaufany" in page.text, "the open app shows it all the same"
    assert request


async def test_a_push_service_that_is_busy_is_asked_again(both: ProfileAndApp) -> None:
    phone = await woken(both)
    both.push.status = 429
    await both.asked(await both.owner())
    assert await both.app_worker.send_due() == 0
    both.push.status = 201
    both.clock.advance(5)
    assert await both.app_worker.send_due() == 1
    device = await both.app.devices.load(phone.device_id)
    assert device is not None
    assert device.subscription is not None


async def test_a_removed_phone_is_woken_no_more(both: ProfileAndApp) -> None:
    phone = await woken(both)
    await both.enrol()
    await both.asked(await both.owner())
    await (await (await both.owner()).open(f"/profile/devices/{phone.device_id}/remove")).submit("/remove")
    await both.app_worker.send_due()
    assert both.push.taken == []


async def test_it_is_switched_off(both: ProfileAndApp) -> None:
    phone = await woken(both)
    page = await (await phone.browser.open("/phones")).submit("/phones/push")
    assert "Powiadomienia są wyłączone" in page.text
    await both.asked(await both.owner())
    await both.app_worker.send_due()
    assert both.push.taken == []


@pytest.mark.parametrize(
    "told", ["x", "{}", '{"endpoint":"https://push.example/1","keys":{"p256dh":"AA","auth":"AA"}}']
)
async def test_what_is_no_subscription_is_not_kept(both: ProfileAndApp, told: str) -> None:
    phone = await both.enrol()
    page = await both.unlocked(phone, "/phones")
    page = await page.submit("/phones/push", subscription=told)
    assert "Nie udało się włączyć" in page.text
    device = await both.app.devices.load(phone.device_id)
    assert device is not None
    assert device.subscription is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/1",
        "https://127.0.0.1/1",
        "https://10.0.0.1/1",
        "https://[::1]/1",
        "https://169.254.169.254/x",
    ],
)
async def test_a_subscription_never_leads_into_our_networks(both: ProfileAndApp, endpoint: str) -> None:
    """SSRF: a browser names the address, so it may be anything (the real back channel looks, when it connects)."""
    phone = await both.enrol()
    await both.app.devices.subscribe(both.app.database, phone.device_id, both.push.subscription(endpoint).encode())
    async with BackChannel(Reach(), tls=NOBODY_TRUSTED) as channel:
        sender = PushSender(both.app.devices, channel.send, sender_key(b"s" * 32), "", both.clock)
        now = both.clock()
        message = Message(
            id="m", channel="web_push", recipient=phone.device_id, body="", about="request:r", created_at=now,
            due_at=now, expires_at=now + 120,
        )  # fmt: skip
        with pytest.raises(SendingFailed, match=r"forbidden|scheme"):
            await sender.send(message)

"""Building what a system sends with: the gateways, the mail server and the demonstration's inbox of its settings.

What has no real sender is delivered into the inboxes of `sms.inbox` in the demonstration; elsewhere the outbox
worker gives it up and logs that. An SMS gateway may stand inside our own networks; no relying party may name it
as its own address, so each has a back channel of its own.
"""

import asyncio
import hmac
import ssl
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from poreka.delivery.demo_messages import DemoMessages
from poreka.delivery.http_push import HttpPush
from poreka.delivery.http_sms import HttpSms
from poreka.delivery.letters import PrintFolder
from poreka.delivery.sender import SECONDS_TO_ANSWER, Sender
from poreka.delivery.senders import DemoInbox
from poreka.delivery.smpp import SmppSms
from poreka.delivery.sms_settings import Gateway, HttpGateway, SmppGateway
from poreka.delivery.smtp import SmtpEmail
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.running.foundation import Foundation, open_database, read_password
from poreka.running.real_clock import real_clock
from poreka.running.running import Closing
from poreka.store.migrate import upgrade
from poreka.store.outbox import Outbox, Report
from poreka.web.settings.every_kind import SettingsError

SECONDS_UNTIL_RECORDED = 1.0
LONGEST_SMPP_PASSWORD = 8  # SMPP 3.4 §5.2.2
SHORTEST_APP_SECRET = 32


@dataclass(slots=True)
class WaysOut:
    """The gateways of each channel, and what must be closed after the worker has stopped."""

    senders: dict[str, tuple[Sender, ...]] = field(default_factory=dict)
    closing: list[Closing] = field(default_factory=list)


async def build_outgoing(base: Foundation, reach: Reach) -> WaysOut:
    """What the settings name; raises `SettingsError`."""
    sms, email, letters, ways = base.settings.sms, base.settings.email, base.settings.letters, WaysOut()
    push = base.settings.push
    if base.settings.system.demo and "demo_phone" in (sms.sender, email.sender, letters.sender, push.sender):
        inbox = await _inbox(base)
        ways.senders = dict.fromkeys(("sms", "email", "letter", "push"), (inbox,))
    if sms.sender == "gateways":
        ways.senders["sms"] = tuple(_gateway(base, gateway, reach, ways.closing) for gateway in sms.gateways)
    if push.sender == "http":
        ways.senders["push"] = (app_sender(base, reach, ways.closing),)
    if letters.sender == "folder":
        ways.senders["letter"] = (PrintFolder(base.folder / letters.folder),)
    if email.sender == "smtp":
        password = read_password(base.folder / email.password_file) if email.password_file else ""
        ways.senders["email"] = (SmtpEmail(email, password, base.settings.system.name, real_clock),)
    return ways


def _gateway(base: Foundation, gateway: Gateway, reach: Reach, closing: list[Closing]) -> Sender:
    sms, outbox = base.settings.sms, Outbox(base.database, base.seal, base.fresh)
    if isinstance(gateway, SmppGateway):
        smpp = SmppSms(
            gateway,
            password=gateway_secret(gateway, base.folder),
            shown_name=sms.name,
            taken=sms.numbers,
            told=partial(_take_report, outbox, base, gateway.name),
        )
        closing.append(smpp.aclose)
        return smpp
    channel = BackChannel(_to(gateway.url, reach), total_seconds=SECONDS_TO_ANSWER)
    closing.append(channel.aclose)
    return HttpSms(
        channel.send,
        gateway,
        shown_name=sms.name,
        taken=sms.numbers,
        secret=gateway_secret(gateway, base.folder),
        report_url=partial(_report_url, base.settings.system.origin, outbox),
    )


def gateway_secret(gateway: Gateway, folder: Path) -> str:
    """The password or key of a gateway, if it has one; raises `SettingsError`."""
    if isinstance(gateway, HttpGateway):
        return read_password(folder / gateway.secret_file) if gateway.secret_file else ""
    password = read_password(folder / gateway.password_file)
    if len(password) > LONGEST_SMPP_PASSWORD:
        raise SettingsError(f"sms.gateways: {gateway.name}: an SMPP password has at most 8 characters")
    return password


def app_sender(base: Foundation, reach: Reach, closing: list[Closing], tls: ssl.SSLContext | None = None) -> Sender:
    """The back end of the provider's own app."""
    push = base.settings.push
    channel = BackChannel(_to(push.url, reach), tls=tls, total_seconds=push.seconds)
    closing.append(channel.aclose)
    return HttpPush(channel.send, push.url, read_password(base.folder / push.token_file))


def app_secret(base: Foundation) -> str:
    """With which the app's back end answers; the demonstration's phones know their own. Raises `SettingsError`."""
    push = base.settings.push
    if "push" not in base.settings.tools:
        return ""
    if push.sender == "demo_phone":
        return hmac.digest(base.keys.codes, b"the demonstration's phone", "sha256").hex()
    return long_secret(base.folder, push.answers_secret_file, "push.answers_secret_file")


def long_secret(folder: Path, file: str, key: str) -> str:
    """The secret of a file, long enough that nobody guesses it; raises `SettingsError`."""
    secret = read_password(folder / file)
    if len(secret) < SHORTEST_APP_SECRET:
        raise SettingsError(f"{key}: must hold at least {SHORTEST_APP_SECRET} characters")
    return secret


def _to(url: str, reach: Reach) -> Reach:
    """`settings.py` allowed plain http only where it stays on this machine or inside."""
    parts = urlsplit(url)
    hosts = reach.private_hosts.union({parts.hostname} if parts.hostname else ())
    return msgspec.structs.replace(reach, private_hosts=hosts, allow_http=reach.allow_http or parts.scheme == "http")


def _report_url(origin: str, outbox: Outbox, gateway: str, message_id: str) -> str:
    return f"{origin}/message-report/{gateway}/{message_id}/{outbox.proof_of(message_id)}"


async def _take_report(
    outbox: Outbox, base: Foundation, gateway: str, reference: str, ours: str, report: Report
) -> bool:
    """False when the gateway's name is no message's.

    Another process may have sent the message, and not yet written down what the gateway calls it.
    """
    message_id = ours or await outbox.id_by_reference(gateway, reference)
    if not message_id:
        await asyncio.sleep(SECONDS_UNTIL_RECORDED)
        message_id = await outbox.id_by_reference(gateway, reference) or ""
    if message_id:
        await outbox.report(gateway, message_id, report, base.clock())
    return bool(message_id)


async def _inbox(base: Foundation) -> DemoInbox:
    database = await open_database(base.settings.sms.inbox, base.folder)
    await upgrade(database, ("shared", "demo"), real_clock())
    return DemoInbox(DemoMessages(database), base.settings.system.name, base.fresh, real_clock)

"""Building one system from its settings file, to be served by itself (`poreka serve`).

Relative paths in the file lead from the folder it stands in. What has no real sender is delivered into the
inboxes of `sms.inbox` in the demonstration; elsewhere the outbox worker gives it up and logs that. Which
senders a bank and a portal must have is said in `settings.py`.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from poreka.delivery.http_sms import HttpSms
from poreka.delivery.senders import DemoInbox
from poreka.delivery.smtp import SmtpEmail
from poreka.delivery.worker import Sender
from poreka.settings import Settings, SettingsError
from poreka.store.demo_messages import DemoMessages
from poreka.store.insured import Insured
from poreka.store.migrate import SchemaNotCurrent, missing, upgrade
from poreka.web.application import Federation
from poreka.web.back_channel import BackChannel, Reach
from poreka.web.systems import Provider
from poreka.wiring.bank import build_bank
from poreka.wiring.demo_clock import real_clock
from poreka.wiring.foundation import Foundation, lay, open_database, read_password
from poreka.wiring.portal import build_portal
from poreka.wiring.system import Running

REGISTER = ("register",)


class Single:
    """One running system, answering for its own origin's host and for no other."""

    def __init__(self, running: Running) -> None:
        self._running, self.system = running, running.system
        host = urlsplit(running.system.origin).netloc.lower()
        hosts = {host: running.application}
        if isinstance(running.system, Provider) and running.system.mutual_tls is not None:
            hosts[urlsplit(running.system.mutual_tls.origin).netloc.lower()] = running.application
        self.application = Federation(hosts)

    async def stop(self) -> None:
        """Stop the system."""
        await self._running.stop()


async def build_single(settings: Settings, folder: Path) -> Single:
    """The system of a settings file; raises `SettingsError`, `SchemaNotCurrent`, `DatabaseUnavailable`."""
    if settings.system.kind not in ("bank", "portal"):
        raise SettingsError("system.kind: only a bank or a portal is served alone; the rest is the demonstration's")
    base = await lay(settings, folder, real_clock)
    reach = _reach(settings)
    senders = await _senders(base, folder)
    if settings.system.kind == "bank":
        return Single(await build_bank(base, senders, reach))
    return Single(await build_portal(base, senders, reach, await _register(base, folder)))


def _reach(settings: Settings) -> Reach:
    """Where addresses that relying parties and providers name may lead."""
    demo, hosts = settings.system.demo, frozenset(settings.system.private_hosts)
    return Reach(allow_http=demo, localhost_names=demo, private_hosts=hosts)


def _to_gateway(settings: Settings) -> Reach:
    """The SMS gateway may stand inside our own networks; no relying party may name it as its own address."""
    gateway = urlsplit(settings.sms.url).hostname
    reach = _reach(settings)
    return msgspec.structs.replace(reach, private_hosts=reach.private_hosts.union({gateway} if gateway else ()))


async def _senders(base: Foundation, folder: Path) -> Mapping[str, Sender]:
    sms, email, senders = base.settings.sms, base.settings.email, dict[str, Sender]()
    if base.settings.system.demo and "demo_phone" in (sms.sender, email.sender):
        inbox = await _inbox(base, folder)
        senders = {"sms": inbox, "email": inbox}
    if sms.sender == "http":
        senders["sms"] = HttpSms(BackChannel(_to_gateway(base.settings)).send, sms.url, sms.name)
    if email.sender == "smtp":
        password = read_password(folder / email.password_file) if email.password_file else ""
        senders["email"] = SmtpEmail(email, password, base.settings.system.name, real_clock)
    return senders


async def _inbox(base: Foundation, folder: Path) -> DemoInbox:
    database = await open_database(base.settings.sms.inbox, folder)
    await upgrade(database, ("shared", "demo"), real_clock())
    return DemoInbox(DemoMessages(database), base.settings.system.name, base.fresh, real_clock)


async def _register(base: Foundation, folder: Path) -> Insured:
    if base.settings.portal is None:
        raise LookupError("a portal without its settings")
    database = await open_database(base.settings.portal.register, folder)
    if base.settings.system.demo:
        await upgrade(database, REGISTER, real_clock())
    elif await missing(database, REGISTER):
        raise SchemaNotCurrent("the register's database is behind; run: poreka db upgrade")
    return Insured(database, base.seal, base.fresh)

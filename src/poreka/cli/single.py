"""Building one system from its settings file, to be served by itself (`poreka serve`).

Relative paths in the file lead from the folder it stands in. Which senders a bank and a portal must have is said
in `settings.py`; they are built in `senders.py`.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from poreka.delivery.sender import Senders
from poreka.kinds import KindName
from poreka.outgoing.back_channel import Reach
from poreka.running.foundation import FoundationOf, lay, open_database, share_secrets
from poreka.running.real_clock import real_clock
from poreka.running.running import Running
from poreka.running.senders import build_outgoing
from poreka.store.migrate import SchemaNotCurrent, missing, upgrade
from poreka.systems.bank.build import build_bank
from poreka.systems.desk.build import build_desk
from poreka.systems.mobywatel.build import build_mobywatel
from poreka.systems.mojeikp.build import build_mojeikp
from poreka.systems.patient_account.build import build_patient_account
from poreka.systems.portal.build import build_portal
from poreka.systems.portal.settings import REGISTER, PortalSettings
from poreka.systems.portal.store.insured import Insured
from poreka.systems.trusted_profile.build import build_trusted_profile
from poreka.web.application import Federation
from poreka.web.settings.every_kind import CommonSettings, SettingsError


class Single:
    """One running system, answering for the hosts of its own origins and for no other."""

    def __init__(self, running: Running) -> None:
        self._running, self.system = running, running.system
        origins = {running.system.origin: running.application, **running.also_at}
        hosts = {urlsplit(origin).netloc.lower(): application for origin, application in origins.items()}
        self.application = Federation(hosts)

    def close_door(self) -> None:
        """The process is about to end."""
        self.system.door.closing = True

    async def stop(self) -> None:
        """Stop the system."""
        await self._running.stop()


async def build_single(settings: CommonSettings, folder: Path) -> Single:
    """The system of a settings file; raises `SettingsError`, `SchemaNotCurrent`, `DatabaseUnavailable`."""
    build = BUILT.get(settings.system.kind)
    if build is None:
        raise SettingsError(f"system.kind: only {', '.join(BUILT)} are served alone; the rest is the demonstration's")
    base = await lay(settings, folder, real_clock)
    if settings.system.demo:
        share_secrets(folder)
    reach = _reach(settings)
    outgoing = await build_outgoing(base, reach)
    running = await build(base, outgoing.senders, reach)
    running.closing.extend(outgoing.closing)
    return Single(running)


async def build_for_command(settings: CommonSettings, folder: Path) -> Running:
    """The same for a command that changes something and ends: nothing runs beside it, and it sends nothing itself.

    What it writes into the outbox goes out by the system that is served.
    """
    quiet = msgspec.structs.replace(settings.system, outbox_workers=False)
    base = await lay(msgspec.structs.replace(settings, system=quiet), folder, real_clock)
    if settings.system.demo:
        share_secrets(folder)
    running = await BUILT[settings.system.kind](base, {}, _reach(settings))
    for task in running.tasks:  # none of them has begun yet
        task.cancel()
    return running


def _reach(settings: CommonSettings) -> Reach:
    """Where addresses that relying parties and providers name may lead."""
    demo, hosts = settings.system.demo, frozenset(settings.system.private_hosts)
    return Reach(allow_http=demo, localhost_names=demo, private_hosts=hosts)


async def _portal(base: FoundationOf[PortalSettings], senders: Senders, reach: Reach) -> Running:
    register = await _register(base, base.folder)
    running = await build_portal(base, senders, reach, register)
    running.closing.append(register.database.close)
    return running


async def _register(base: FoundationOf[PortalSettings], folder: Path) -> Insured:
    database = await open_database(base.settings.portal.register, folder, base.settings.system.database_connections)
    if base.settings.system.demo:
        await upgrade(database, REGISTER, real_clock())
    elif await missing(database, REGISTER):
        raise SchemaNotCurrent("the register's database is behind; run: poreka db upgrade")
    return Insured(database, base.seal, base.fresh)


BUILT: dict[KindName, Callable[[Any, Senders, Reach], Awaitable[Running]]] = {
    "portal": _portal,
    "trusted_profile": build_trusted_profile,
    "mobywatel": build_mobywatel,
    "desk": build_desk,
    "patient_account": build_patient_account,
    "mojeikp": build_mojeikp,
    "bank": build_bank,
}
"""Who builds each kind that is served alone, from the foundation with its kind's settings: those of `KINDS`."""

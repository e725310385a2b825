"""Building one system from its settings file, to be served by itself (`poreka serve`).

Relative paths in the file lead from the folder it stands in. Which senders a bank and a portal must have is said
in `settings.py`; they are built in `running/senders.py`.
"""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from poreka.kinds import KINDS, builder_of
from poreka.outgoing.back_channel import Reach
from poreka.running.foundation import lay, share_secrets
from poreka.running.real_clock import real_clock
from poreka.running.running import Running
from poreka.running.senders import build_outgoing
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
    if not settings.KIND.alone:
        names = ", ".join(kind.name for kind in KINDS if kind.alone)
        raise SettingsError(f"system.kind: only {names} are served alone; the rest is the demonstration's")
    base = await lay(settings, folder, real_clock)
    if settings.system.demo:
        share_secrets(folder)
    reach = _reach(settings)
    outgoing = await build_outgoing(base, reach)
    running = await builder_of(settings.KIND)(base, outgoing.senders, reach)
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
    running = await builder_of(settings.KIND)(base, {}, _reach(settings))
    for task in running.tasks:  # none of them has begun yet
        task.cancel()
    return running


def _reach(settings: CommonSettings) -> Reach:
    """Where addresses that relying parties and providers name may lead."""
    demo, hosts = settings.system.demo, frozenset(settings.system.private_hosts)
    return Reach(allow_http=demo, localhost_names=demo, private_hosts=hosts)

"""Building what every system has, from its foundation, and the tasks that run beside its requests.

Kinds of systems are built on top of it, in each system's `build.py`.
"""

import asyncio
import os
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol

import msgspec
import structlog

from poreka.audit.record import AuditLog
from poreka.delivery.hand_over import HandOver
from poreka.delivery.sender import Senders
from poreka.delivery.worker import DeliveryWorker
from poreka.hashing.passwords import AT_A_TIME, Passwords
from poreka.hashing.processes import InProcesses
from poreka.rules.authorising.operation import OperationLimits
from poreka.rules.limits.door import DoorLimits
from poreka.rules.limits.sending import RecipientLimits
from poreka.running.foundation import Foundation
from poreka.running.key_ring import KeyRing
from poreka.store.database import Database
from poreka.store.journeys import Journeys
from poreka.store.limit_counts import LimitCounts
from poreka.store.operations import Operations
from poreka.store.outbox import Outbox
from poreka.store.password_attempts import PasswordAttempts
from poreka.store.past_keys import PastKeys
from poreka.store.sessions import Sessions
from poreka.store.signing_keys import SigningKeys
from poreka.store.sweep import BATCH, sweep
from poreka.web.application import Application
from poreka.web.cookies import Cookies
from poreka.web.door.door import Door
from poreka.web.pages import page_environment
from poreka.web.settings.every_kind import CommonSettings, SettingsError
from poreka.web.system import NavigationItem, System
from poreka.web.texts import Texts, WordsFault, load_texts

log = structlog.get_logger()
SWEEP_EVERY_SECONDS, SWEEP_PAUSE_SECONDS = 60.0, 0.05


class Closing(Protocol):
    """Something to be closed at the end."""

    async def __call__(self) -> None: ...


@dataclass(slots=True)
class Running:
    """A system that answers, with what runs beside it and what must be closed after it."""

    system: System
    application: Application
    also_at: dict[str, Application] = field(default_factory=dict)  # what answers at further origins
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    closing: list[Closing] = field(default_factory=list)

    async def stop(self) -> None:
        """End the tasks, then close what they used."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for close in self.closing:
            await close()


@lru_cache(maxsize=1)
def shared_texts() -> dict[str, Texts]:
    """The texts, loaded once a process."""
    return load_texts()


def own_texts(settings: CommonSettings) -> dict[str, Texts]:
    """The texts as one system words them; raises `SettingsError`."""
    texts = dict(shared_texts())
    for language, words in (("pl", settings.words.pl), ("en", settings.words.en)):
        try:
            texts[language] = texts[language].reworded(words) if words else texts[language]
        except WordsFault as fault:
            raise SettingsError(f"words.{language}.{fault}") from fault
    cases = {name: msgspec.structs.asdict(cases) for name, cases in settings.declension.items()}
    return {**texts, "pl": replace(texts["pl"], declension=cases)}


@lru_cache(maxsize=1)
def shared_templates() -> Any:
    """The page environment, one a process: compiled templates serve all systems."""
    return page_environment()


@lru_cache(maxsize=1)
def shared_passwords() -> Passwords:
    """The pool of password hashing, one a process."""
    return Passwords()


def hash_elsewhere() -> None:
    """Passwords of this process, which serves many, are hashed in processes beside it: no more than it has cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else AT_A_TIME
    most = min(AT_A_TIME, cores)
    shared_passwords().compute_in(InProcesses(most), most)


@lru_cache(maxsize=1)
def shared_door(limits: DoorLimits) -> Door:
    """The door of the process: its load is one, however many systems answer in it."""
    passwords = shared_passwords()
    return Door(limits, passwords.wait, lambda: passwords.hashed)


def system_parts(
    base: Foundation,
    worker: DeliveryWorker,
    navigation: tuple[NavigationItem, ...],
    footer: tuple[NavigationItem, ...],
) -> dict[str, Any]:
    """The fields of `System`, to which a kind adds its own."""
    database, seal, fresh = base.database, base.seal, base.fresh
    return {
        "settings": base.settings,
        "clock": base.clock,
        "fresh": fresh,
        "keys": base.keys,
        "database": database,
        "seal": seal,
        "audit": AuditLog(database, base.audit_key, base.clock, fresh.id),
        "sessions": Sessions(database, seal, fresh),
        "journeys": Journeys(database, seal, fresh),
        "attempts": PasswordAttempts(database),
        "limit_counts": LimitCounts(database, base.settings.limits),
        "operations": Operations(database),
        "outbox": Outbox(database, seal, fresh),
        "passwords": shared_passwords(),
        "door": shared_door(base.settings.door.limits()),
        "cookies": Cookies(https=base.settings.system.origin.startswith("https:")),
        "texts": own_texts(base.settings),
        "templates": shared_templates(),
        "navigation": navigation,
        "footer": footer,
        "wake_delivery": worker.wake,
    }


def own_keys(base: Foundation, audit: AuditLog, past: PastKeys | None = None) -> KeyRing:
    """The keys that a system signs with, by the algorithms of its kind; `past` keeps those that sign no more."""
    algorithms = base.settings.KIND.algorithms
    return KeyRing(SigningKeys(base.database, base.seal, base.fresh), audit, base.clock, algorithms, past)


def delivery_worker(base: Foundation, senders: Senders) -> DeliveryWorker:
    """The outbox worker of a system; `senders` may be filled afterwards."""
    sms = base.settings.sms
    return DeliveryWorker(
        HandOver(
            database=base.database,
            outbox=Outbox(base.database, base.seal, base.fresh),
            operations=Operations(base.database),
            senders=senders,
            clock=base.clock,
            limits=OperationLimits(),
            recipient_limits=RecipientLimits(an_hour=sms.most_an_hour, a_day=sms.most_a_day),
        )
    )


def run_beside(running: Running, worker: DeliveryWorker) -> Running:
    """Start the outbox worker and the sweeper; close the database at the end."""
    system = running.system
    if system.settings.system.outbox_workers:
        worker.start()
        running.closing.append(worker.stop)
    running.tasks.append(asyncio.create_task(_sweep_now_and_then(system)))
    running.closing.append(system.database.close)
    return running


async def _sweep_all(database: Database, parts: tuple[str, ...], now: int) -> None:
    """Batch after batch, with pauses in between: requests go first."""
    while True:
        gone = await sweep(database, parts, now)
        if max(gone.values(), default=0) < BATCH:
            return
        await asyncio.sleep(SWEEP_PAUSE_SECONDS)


async def _sweep_now_and_then(system: System) -> None:
    parts = system.settings.KIND.parts
    while True:
        await asyncio.sleep(SWEEP_EVERY_SECONDS)
        try:
            now = system.clock()
            await _sweep_all(system.database, parts, now)
            await system.outbox.give_up_expired(system.database, now)
            await system.operations.expire(system.database, now)
            if keys := system.own_keys():
                await keys.refresh()
        except Exception as error:  # tried again in a minute
            log.error("sweep failed", system=system.settings.system.key, exc_info=error)

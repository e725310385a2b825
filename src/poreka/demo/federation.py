"""Building the demonstration: every system in one process, told apart by the Host header.

Presets, one data folder, one clock that can be moved, loopback only. The back channel maps
`*.localhost` to this machine by itself (RFC 6761 §6.3). People and clients are put in once, when the
databases are new: `people.py`, `clients.py`.
"""

import asyncio
import ssl
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from poreka.delivery.demo_messages import DemoMessages
from poreka.delivery.sender import Senders
from poreka.delivery.senders import DemoInbox
from poreka.demo.certificates import PASSWORD, DemoAuthority, open_certificates
from poreka.demo.clerks import add_applications, clerk_link, demo_clerks, open_desk
from poreka.demo.clients import add_clients, sandbox_configurations
from poreka.demo.clock import MovableClock
from poreka.demo.health import add_health
from poreka.demo.people import (
    Invented,
    PasswordHashes,
    add_customers,
    add_insured,
    add_profiles,
    add_sim_cards,
    demo_people,
    read_people,
)
from poreka.demo.phone.build import build_phone
from poreka.demo.presets import Address, added_banks, preset, with_certificates
from poreka.demo.settings import with_providers
from poreka.demo.start import routes as start_app
from poreka.demo.start.certificates import LIST
from poreka.demo.store.demo_clock import DemoClock
from poreka.demo.systems import Start
from poreka.demo.tools import add_apps, add_cards
from poreka.demo.trusted_profiles import add_trusted_profiles
from poreka.kinds import DEMO_KEYS, demo_keys
from poreka.outgoing.back_channel import Reach
from poreka.provider.store.sim_swap import DemoSimCards
from poreka.provider.system import Bank
from poreka.running.foundation import Foundation, FoundationOf, lay, of_kind, open_database, share_secrets
from poreka.running.running import Closing, Running, delivery_worker, run_beside, shared_passwords, system_parts
from poreka.running.senders import app_sender
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.systems.bank.build import build_bank
from poreka.systems.bank.settings import BankSettings
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.mobywatel.build import build_mobywatel
from poreka.systems.mobywatel.settings import MobywatelSettings
from poreka.systems.mojeikp.build import build_mojeikp
from poreka.systems.mojeikp.settings import MojeikpSettings
from poreka.systems.patient_account.build import build_patient_account
from poreka.systems.patient_account.settings import PatientAccountSettings
from poreka.systems.portal.build import build_portal
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.portal.store.insured import Insured
from poreka.systems.trusted_profile.build import build_trusted_profile
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.web.application import Application, Federation
from poreka.web.system import System

BANKS, PORTALS = demo_keys("bank"), demo_keys("portal")
(TRUSTED_PROFILE,), (MOBYWATEL,), (DESK,) = (demo_keys(name) for name in ("trusted_profile", "mobywatel", "desk"))
(PATIENT_ACCOUNT,), (MOJEIKP,) = demo_keys("patient_account"), demo_keys("mojeikp")
REACH = Reach(allow_http=True, localhost_names=True)


@dataclass(slots=True)
class Demonstration:
    """The running federation."""

    application: Federation
    systems: list[Running]
    clock: MovableClock

    def close_door(self) -> None:
        """The process is about to end; all systems share its door."""
        self.systems[0].system.door.closing = True

    async def stop(self) -> None:
        """Stop every system."""
        await self.clock.stop()
        for running in reversed(self.systems):
            await running.stop()


def demo_authority(folder: Path, address: Address, people: list[Invented]) -> DemoAuthority:
    """The qualified authority of a data folder, with its certificates."""
    return open_certificates(folder, people, f"{address.origin('start')}/certificates/{LIST}")


async def build_demonstration(folder: Path, address: Address, tls: ssl.SSLContext | None = None) -> Demonstration:
    """Lay everything, put the people in, and start what runs beside; `tls` trusts its own authority."""
    added = added_banks(folder, address)
    banks = (*BANKS, *(one.system.key for one in added))
    ours = [with_providers(preset(key, address), added) for key in DEMO_KEYS if key != "start"]
    people = read_people(tuple(bank.system.key for bank in added))
    authority = demo_authority(folder, address, people) if address.scheme == "https" else None
    start_base = await lay(preset("start", address), folder, lambda: 0)
    clock = MovableClock(DemoClock(start_base.database))
    await clock.start()
    every = (*(with_certificates(settings, address) for settings in ours), *added)
    share_secrets(folder)
    bases = {settings.system.key: await lay(settings, folder, clock.now) for settings in every}
    register = await _register(of_kind(bases["pue"], PortalSettings), folder, clock)
    await add_insured(register, people)
    await add_sim_cards(DemoSimCards(bases["phone"].database, clock.now), people)

    hashes = PasswordHashes(shared_passwords().hash)

    async def bank_at(key: str) -> Running:
        running = await build_bank(
            of_kind(bases[key], BankSettings), _senders(bases["phone"], bases[key], clock), REACH, tls
        )
        await add_clients(running.system, address.origin, key)
        await _people_at_bank(running.system, key, people, hashes)
        return running

    systems = list(await asyncio.gather(*map(bank_at, banks)))
    senders = _senders(bases["phone"], bases[TRUSTED_PROFILE], clock)
    systems += await _profile_and_app(bases, senders, address, tls)
    await add_trusted_profiles(systems[-1].system, people, hashes)
    await add_applications(systems[-1].system, people, hashes)
    systems.append(await open_desk(of_kind(bases[DESK], DeskSettings), REACH, tls))
    for key in PORTALS:
        running = await build_portal(
            of_kind(bases[key], PortalSettings), _senders(bases["phone"], bases[key], clock), REACH, register, tls
        )
        await add_profiles(running.system, people)
        systems.append(running)
    systems[-1].closing.append(register.database.close)
    systems += await _patient_account(bases, clock, people, tls)
    shown = tuple(demo_people(people))
    systems.append(_start(start_base, bases[DESK], clock, shown, address, added, authority))
    systems.append(build_phone(bases["phone"], shown, [bases[key] for key in banks], REACH, tls))
    return Demonstration(Federation(_hosts(systems, address)), systems, clock)


async def _people_at_bank(bank: System, key: str, people: list[Invented], hashes: PasswordHashes) -> None:
    """Its customers, with what they authorise with."""
    if isinstance(bank, Bank):
        await add_customers(bank, key, people, hashes)
        await add_cards(bank, people)
        await add_apps(bank, people)


async def _patient_account(
    bases: dict[str, Foundation], clock: MovableClock, people: list[Invented], tls: ssl.SSLContext | None
) -> list[Running]:
    """The patient account, and its phone app."""
    base, of_app = of_kind(bases[PATIENT_ACCOUNT], PatientAccountSettings), of_kind(bases[MOJEIKP], MojeikpSettings)
    running = await build_patient_account(base, _senders(bases["phone"], base, clock), REACH, tls)
    await add_health(running.system, people)
    return [running, await build_mojeikp(of_app, _senders(bases["phone"], of_app, clock), REACH, tls)]


async def _profile_and_app(
    bases: dict[str, Foundation], senders: Senders, address: Address, tls: ssl.SSLContext | None
) -> list[Running]:
    """The phone app, and the trusted profile whose push requests it shows."""
    app = await build_mobywatel(of_kind(bases[MOBYWATEL], MobywatelSettings), {}, REACH, tls)
    base, closing = of_kind(bases[TRUSTED_PROFILE], TrustedProfileSettings), list[Closing]()
    senders = {**senders, "push": (app_sender(base, REACH, closing, tls),)}
    trusted = await build_trusted_profile(base, senders, REACH, tls)
    trusted.closing.extend(closing)
    await add_clients(app.system, address.origin, MOBYWATEL)
    await add_clients(trusted.system, address.origin, TRUSTED_PROFILE)
    return [app, trusted]


def _senders(phone: Foundation, of: Foundation, clock: MovableClock) -> Senders:
    """The senders of one system: what it sends arrives under its own name."""
    inbox = DemoInbox(DemoMessages(phone.database), of.settings.system.name, phone.fresh, clock.now)
    return dict.fromkeys(("sms", "email", "letter", "push"), (inbox,))


async def _register(portal: FoundationOf[PortalSettings], folder: Path, clock: MovableClock) -> Insured:
    """The insurance register has a database of its own; here it shares the portal's secret."""
    database = await open_database(portal.settings.portal.register, folder)
    await upgrade(database, ("register",), clock.now())
    return Insured(database, portal.seal, Fresh())


def _start(
    base: Foundation,
    desk: Foundation,
    clock: MovableClock,
    people: tuple[Any, ...],
    address: Address,
    added: list[BankSettings],
    authority: DemoAuthority | None,
) -> Running:
    moving = replace(base, clock=clock.now)
    worker = delivery_worker(moving, {})
    *built_in, phone = (preset(key, address) for key in DEMO_KEYS if key != "start")
    shown = (settings.system for settings in (*built_in, *added, phone))
    systems = tuple({"key": one.key, "name": one.name, "kind": one.kind, "origin": one.origin} for one in shown)
    start = Start(
        **system_parts(moving, worker, start_app.NAVIGATION, start_app.FOOTER),
        people=people,
        systems=systems,
        sandbox=sandbox_configurations(address.origin(BANKS[0])),
        demo_clock=DemoClock(base.database),
        certificates=authority.issued if authority else (),
        certificate_password=PASSWORD,
        revocation_list=authority.revocation_list if authority else None,
        clerks=demo_clerks(),
        clerk_link=partial(clerk_link, of_kind(desk, DeskSettings)),
        moved=clock.read,
    )
    return run_beside(Running(start, Application(start, start_app.ROUTES, start_app.turn_away)), worker)


def _hosts(systems: list[Running], address: Address) -> dict[str, Application]:
    hosts = {f"{one.system.settings.system.key}.localhost:{address.port}": one.application for one in systems}
    hosts |= {urlsplit(origin).netloc: also for one in systems for origin, also in one.also_at.items()}
    hosts[f"localhost:{address.port}"] = hosts[f"127.0.0.1:{address.port}"] = hosts[f"start.localhost:{address.port}"]
    return hosts

"""Building the demonstration: every system in one process, told apart by the Host header.

Presets, one data folder, one clock that can be moved, loopback only. The back channel maps
`*.localhost` to this machine by itself (RFC 6761 §6.3). People and clients are put in once, when the
databases are new: `demo_people.py`, `demo_clients.py`.
"""

import asyncio
import re
import ssl
import tomllib
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from poreka.apps import start as start_app
from poreka.delivery.sender import Senders
from poreka.delivery.senders import DemoInbox
from poreka.flows.demo_certificates.download import LIST
from poreka.kinds import DEMO_KEYS, demo_keys
from poreka.mutual_tls_settings import Certificates
from poreka.settings import Settings, SettingsError, read_settings, settings_from
from poreka.store.demo_clock import DemoClock
from poreka.store.demo_messages import DemoMessages
from poreka.store.fresh import Fresh
from poreka.store.insured import Insured
from poreka.store.migrate import upgrade
from poreka.store.sim_swap import DemoSimCards
from poreka.web.application import Application, Federation
from poreka.web.back_channel import Reach
from poreka.web.demo_systems import Start
from poreka.web.systems import Bank
from poreka.wiring.bank import build_bank
from poreka.wiring.demo_certificates import AUTHORITY, PASSWORD, DemoAuthority, open_certificates
from poreka.wiring.demo_clerks import add_applications, clerk_link, demo_clerks, open_desk
from poreka.wiring.demo_clients import add_clients, sandbox_configurations
from poreka.wiring.demo_clock import MovableClock
from poreka.wiring.demo_health import add_health
from poreka.wiring.demo_people import (
    Invented,
    PasswordHashes,
    add_customers,
    add_insured,
    add_profiles,
    add_sim_cards,
    demo_people,
    read_people,
)
from poreka.wiring.demo_phone import build_phone
from poreka.wiring.demo_settings import with_providers
from poreka.wiring.demo_tools import add_apps, add_cards
from poreka.wiring.demo_trusted_profiles import add_trusted_profiles
from poreka.wiring.foundation import Foundation, lay, open_database, share_secrets
from poreka.wiring.mobywatel import build_mobywatel
from poreka.wiring.mojeikp import build_mojeikp
from poreka.wiring.patient_account import build_patient_account
from poreka.wiring.portal import build_portal
from poreka.wiring.senders import app_sender
from poreka.wiring.system import Closing, Running, delivery_worker, run_beside, shared_passwords, system_parts
from poreka.wiring.trusted_profile import build_trusted_profile

BANKS, PORTALS = demo_keys("bank"), demo_keys("portal")
(TRUSTED_PROFILE,), (MOBYWATEL,), (DESK,) = (demo_keys(name) for name in ("trusted_profile", "mobywatel", "desk"))
(PATIENT_ACCOUNT,), (MOJEIKP,) = demo_keys("patient_account"), demo_keys("mojeikp")
CERTIFICATE_HOST = "certificate.pue.localhost"
PROXY_SECRET = "proxy.secrets"
DEMO_DOOR = {"loop_wait_ms": 250}  # a laptop does other things, too: people wait, and are not turned away
DEMO_ORIGIN = re.compile(r"http://(\w+)\.localhost:8000")
REACH = Reach(allow_http=True, localhost_names=True)


# Settings of providers that somebody added lie in this folder of the data folder: `poreka demo --bank FILE`.
ADDED = "banks"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the demonstration is reached; `certificate_port` is the proxy's that asks browsers for certificates."""

    port: int
    scheme: str = "http"
    certificate_port: int | None = None

    def origin(self, key: str) -> str:
        """The origin of a system; each is a host of its own under `localhost`."""
        return f"{self.scheme}://{key}.localhost:{self.port}"

    @property
    def certificate_origin(self) -> str:
        """The origin where browsers show certificates."""
        return f"https://{CERTIFICATE_HOST}:{self.certificate_port}"


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


def settings_text(key: str, address: Address) -> str:
    """A system's preset at this address, as a settings file for the other commands."""
    text = resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8")
    return DEMO_ORIGIN.sub(lambda found: address.origin(found[1]), text)


def preset(key: str, address: Address) -> Settings:
    """A system's preset at this address."""
    tables = tomllib.loads(resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8"))
    return settings_from(_moved({"door": DEMO_DOOR, **tables}, address), f"presets/{key}.toml")


def added_banks(folder: Path, address: Address) -> list[Settings]:
    """The providers that were added to the demonstration in this data folder; raises `SettingsError`."""
    return [read_added(file, address) for file in sorted((folder / ADDED).glob("*.toml"))]


def read_added(file: Path, address: Address) -> Settings:
    """The settings of a provider for the demonstration; raises `SettingsError`."""
    settings = read_settings(file)
    system = settings.system
    if system.kind != "bank" or not system.demo:
        raise SettingsError(f'{file}: system.kind: the demonstration takes a bank with kind = "bank" and demo = true')
    if system.key in DEMO_KEYS:
        raise SettingsError(f"{file}: system.key: the demonstration has a system {system.key} already")
    if system.origin != f"http://{system.key}.localhost:8000":
        raise SettingsError(f"{file}: system.origin: must be http://{system.key}.localhost:8000 in the demonstration")
    return settings_from(_moved(tomllib.loads(file.read_text("utf-8")), address), str(file))


def demo_authority(folder: Path, address: Address, people: list[Invented]) -> DemoAuthority:
    """The qualified authority of a data folder, with its certificates."""
    return open_certificates(folder, people, f"{address.origin('start')}/certificates/{LIST}")


def _with_certificates(portal: Settings, address: Address) -> Settings:
    """A portal that takes certificates, where a proxy asks for them."""
    if address.certificate_port is None or portal.portal is None:
        return portal
    certificates = Certificates(
        origin=address.certificate_origin, authorities=AUTHORITY, proxy_secret_file=PROXY_SECRET
    )
    return msgspec.structs.replace(portal, certificates=certificates)


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
    every = (*(_with_certificates(settings, address) for settings in ours), *added)
    share_secrets(folder)
    bases = {settings.system.key: await lay(settings, folder, clock.now) for settings in every}
    register = await _register(bases["pue"], folder, clock)
    await add_insured(register, people)
    await add_sim_cards(DemoSimCards(bases["phone"].database, clock.now), people)

    hashes = PasswordHashes(shared_passwords().hash)

    async def bank_at(key: str) -> Running:
        running = await build_bank(bases[key], _senders(bases["phone"], bases[key], clock), REACH, tls)
        await add_customers(running.system, key, people, hashes)
        await add_clients(running.system, address.origin, key)
        if isinstance(running.system, Bank):
            await add_cards(running.system, people)
            await add_apps(running.system, people)
        return running

    systems = list(await asyncio.gather(*map(bank_at, banks)))
    senders = _senders(bases["phone"], bases[TRUSTED_PROFILE], clock)
    systems += await _profile_and_app(bases, senders, address, tls)
    await add_trusted_profiles(systems[-1].system, people, hashes)
    await add_applications(systems[-1].system, people, hashes)
    systems.append(await open_desk(bases[DESK], REACH, tls))
    for key in PORTALS:
        running = await build_portal(bases[key], _senders(bases["phone"], bases[key], clock), REACH, register, tls)
        await add_profiles(running.system, people)
        systems.append(running)
    systems[-1].closing.append(register.database.close)
    systems += await _patient_account(bases, clock, people, tls)
    shown = tuple(demo_people(people))
    systems.append(_start(start_base, bases[DESK], clock, shown, address, added, authority))
    systems.append(build_phone(bases["phone"], shown, [bases[key] for key in banks], REACH, tls))
    return Demonstration(Federation(_hosts(systems, address)), systems, clock)


async def _patient_account(
    bases: dict[str, Foundation], clock: MovableClock, people: list[Invented], tls: ssl.SSLContext | None
) -> list[Running]:
    """The patient account, and its phone app."""
    base, of_app = bases[PATIENT_ACCOUNT], bases[MOJEIKP]
    running = await build_patient_account(base, _senders(bases["phone"], base, clock), REACH, tls)
    await add_health(running.system, people)
    return [running, await build_mojeikp(of_app, _senders(bases["phone"], of_app, clock), REACH, tls)]


async def _profile_and_app(
    bases: dict[str, Foundation], senders: Senders, address: Address, tls: ssl.SSLContext | None
) -> list[Running]:
    """The phone app, and the trusted profile whose push requests it shows."""
    app = await build_mobywatel(bases[MOBYWATEL], {}, REACH, tls)
    base, closing = bases[TRUSTED_PROFILE], list[Closing]()
    senders = {**senders, "push": (app_sender(base, REACH, closing, tls),)}
    trusted = await build_trusted_profile(base, senders, REACH, tls)
    trusted.closing.extend(closing)
    await add_clients(app.system, address.origin, MOBYWATEL)
    await add_clients(trusted.system, address.origin, TRUSTED_PROFILE)
    return [app, trusted]


def _moved(tables: dict[str, Any], address: Address) -> dict[str, Any]:
    """The preset's addresses with this port and scheme."""

    def moved(value: Any) -> Any:
        if isinstance(value, str):
            return DEMO_ORIGIN.sub(lambda found: address.origin(found[1]), value)
        if isinstance(value, dict):
            return {name: moved(inner) for name, inner in value.items()}
        return [moved(inner) for inner in value] if isinstance(value, list) else value

    result: dict[str, Any] = moved(tables)
    return result


def _senders(phone: Foundation, of: Foundation, clock: MovableClock) -> Senders:
    """The senders of one system: what it sends arrives under its own name."""
    inbox = DemoInbox(DemoMessages(phone.database), of.settings.system.name, phone.fresh, clock.now)
    return dict.fromkeys(("sms", "email", "letter", "push"), (inbox,))


async def _register(portal: Foundation, folder: Path, clock: MovableClock) -> Insured:
    """The insurance register has a database of its own; here it shares the portal's secret."""
    if portal.settings.portal is None:
        raise LookupError("a portal without its settings")
    database = await open_database(portal.settings.portal.register, folder)
    await upgrade(database, ("register",), clock.now())
    return Insured(database, portal.seal, Fresh())


def _start(
    base: Foundation,
    desk: Foundation,
    clock: MovableClock,
    people: tuple[Any, ...],
    address: Address,
    added: list[Settings],
    authority: DemoAuthority | None,
) -> Running:
    moving = Foundation(**{name: getattr(base, name) for name in Foundation.__slots__} | {"clock": clock.now})
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
        clerk_link=partial(clerk_link, desk),
        moved=clock.read,
    )
    return run_beside(Running(start, Application(start, start_app.ROUTES, start_app.turn_away)), worker)


def _hosts(systems: list[Running], address: Address) -> dict[str, Application]:
    hosts = {f"{one.system.settings.system.key}.localhost:{address.port}": one.application for one in systems}
    hosts |= {urlsplit(origin).netloc: also for one in systems for origin, also in one.also_at.items()}
    hosts[f"localhost:{address.port}"] = hosts[f"127.0.0.1:{address.port}"] = hosts[f"start.localhost:{address.port}"]
    return hosts

"""Jan at a system of each kind: opened as a command opens it, with him in it, and sessions of his.

For what operators do at every kind of system, by the command line and without it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poreka.cli.single import build_for_command
from poreka.demo.presets import Address, settings_text
from poreka.kinds import KINDS
from poreka.provider.store.customers import Customers, NewCustomer
from poreka.rules.levels import Factor
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind
from poreka.settings import read_settings
from poreka.systems.desk.roll import clerk_roll
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.mobywatel.store.app_people import AppPerson
from poreka.systems.patient_account.store.patient_accounts import PatientAccount
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.trusted_profile.rules.profile import vouched
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.web.sessions import Details, new_session
from poreka.web.system import System
from tests.support.asgi import request_of
from tests.support.quick_keys import quick_keys

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PESEL = "83041741039"
FACTS = PersonFacts(first_name="Jan", surname="Kowalski", pesel=Pesel(PESEL))
NAMES = {"millenet": "21570133", "pz": "jan.kowalski", "clerk": "grazyna.lis", "mojeikp": "account"}
"""How an operator names Jan; where it is nothing, by his PESEL."""
TOLD = {"millenet": ["email", "sms"], "pz": ["email"], "pue": ["email"]}
"""Where he is written to; elsewhere nobody has an address of his."""
ONE_EACH = sorted(kind.demo[0] for kind in KINDS if kind.alone)


@dataclass(frozen=True)
class Place:
    """A system with Jan in it, who has no session yet."""

    key: str
    system: Any
    jan: str

    async def rows(self, sql: str) -> list[Any]:
        return list(await self.system.database.all(sql))


@asynccontextmanager
async def jan_at(key: str, folder: Path) -> AsyncIterator[Place]:
    """One system in an empty folder."""
    file = folder / f"{key}.toml"
    file.write_text(settings_text(key, Address(8000)), encoding="utf-8")
    with quick_keys():
        running = await build_for_command(read_settings(file), folder)
        try:
            yield Place(key, running.system, await add_jan(running.system, key, file))
        finally:
            await running.stop()


async def begin_sessions(system: System, person: str, how_many: int) -> list[str]:
    """Sessions of a person, each in a browser of its own; their names."""
    made = []
    for _ in range(how_many):
        details = Details(name="Jan Kowalski")
        new = new_session(request_of(FIREFOX), system, person, (Factor.PASSWORD,), details)
        await system.database.insert(new.row)
        made.append(new.sid)
    return made


async def add_jan(system: Any, key: str, file: Path) -> str:
    """Jan at this system; his id there."""
    now, database = system.clock(), system.database
    if key == "millenet":
        new = NewCustomer(
            id="jan", number="21570133", password_hash="", identifier_kind="pesel", identifier=PESEL,
            first_name="Jan", surname="Kowalski", pesel=PESEL, phone="600201011", email="jan@poczta.example",
        )  # fmt: skip
        await database.insert(Customers(database, system.seal, system.fresh).adding(new))
    elif key == "pz":
        owned = OwnedProfile(
            id="jan", profile=vouched(FACTS, "https://bank.example", now), user_name="jan.kowalski",
            password_hash="$argon2id$", phone="600201011", email="jan@poczta.example",
        )  # fmt: skip
        await database.insert(system.profiles.adding(owned))
    elif key == "pue":
        rule = PortalProfile(facts=FACTS, state=ProfileState.TRUSTED, terms_version="2026-09")
        made = Profile(id="jan", profile=rule, email="jan@poczta.example", electronic_information=False, created_at=1)
        await database.insert(system.profiles.adding(made))
    elif key == "ikp":
        await database.insert(system.accounts.adding(PatientAccount(id="jan", facts=FACTS, created_at=now)))
    elif key == "mobywatel":
        await database.insert(system.people.adding(AppPerson(id="jan", facts=FACTS, customer="jan.kowalski"), now))
    elif key == "clerk":
        base = await lay(read_settings(file), file.parent, system.clock)
        try:
            return (await clerk_roll(of_kind(base, DeskSettings)).add("grazyna.lis", "Grażyna Lis", Pesel(PESEL))).id
        finally:
            await base.database.close()
    return NAMES.get(key, "jan") if key == "mojeikp" else "jan"

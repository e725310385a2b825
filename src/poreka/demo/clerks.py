"""The demonstration's clerks, and the applications that wait for them: put in once, from `presets/clerks.toml`.

Keys cannot be put in: a key is made in somebody's browser. So the start page makes a clerk's link, as an operator
does with `poreka clerk key`; that is why it is refused everywhere but in the demonstration.
"""

import ssl
import tomllib
from contextlib import suppress
from importlib import resources

import msgspec

from poreka.demo.people import Invented, PasswordHashes
from poreka.demo.systems import DemoClerk
from poreka.outgoing.back_channel import Reach
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import FoundationOf
from poreka.running.running import Running
from poreka.store.database import AlreadyThere
from poreka.systems.desk.build import build_desk
from poreka.systems.desk.roll import clerk_roll
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.trusted_profile.events import ApplicationFiled
from poreka.systems.trusted_profile.rules.profile import applied
from poreka.systems.trusted_profile.store.profile_applications import ProfileApplication
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.system import System


class ClerkFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clerk."""

    login: str
    name: str
    pesel: str


class ApplicationFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An application of one of the people."""

    person: str
    user_name: str
    password: str
    number: str


class _Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    clerks: tuple[ClerkFacts, ...]
    applications: tuple[ApplicationFacts, ...]


def read_clerks() -> _Preset:
    """What the preset holds."""
    text = resources.files("poreka.presets").joinpath("clerks.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Preset)


def demo_clerks() -> tuple[DemoClerk, ...]:
    """The clerks as the start page shows them."""
    return tuple(DemoClerk(login=one.login, name=one.name) for one in read_clerks().clerks)


async def open_desk(base: FoundationOf[DeskSettings], reach: Reach, tls: ssl.SSLContext | None) -> Running:
    """The desk, answering, with these clerks."""
    roll = clerk_roll(base)
    for one in read_clerks().clerks:
        if await roll.clerks.by_login(one.login) is None:
            with suppress(AlreadyThere):  # another worker was quicker
                await roll.add(one.login, one.name, Pesel(one.pesel))
    return await build_desk(base, {}, reach, tls)


async def clerk_link(base: FoundationOf[DeskSettings], login: str) -> str | None:
    """A new link for a clerk's key; None where there is no such clerk."""
    roll = clerk_roll(base)
    clerk = await roll.clerks.by_login(login)
    return (await roll.make_link(clerk)).address if clerk is not None and clerk.blocked_at is None else None


async def add_applications(pz: System, people: list[Invented], hashes: PasswordHashes) -> None:
    """File the applications, unless they are there."""
    if not isinstance(pz, TrustedProfileSystem):
        raise TypeError("applications are the trusted profile's")
    persons, days = {one.key: one for one in people}, pz.settings.trusted_profile.confirm_days
    for one in read_clerks().applications:
        if await pz.applications.by_number(one.number) is not None:
            continue
        person = persons[one.person]
        facts = PersonFacts(first_name=person.first_name, surname=person.surname, pesel=Pesel(person.pesel))
        owned = OwnedProfile(
            id=pz.fresh.id(),
            profile=applied(facts, pz.clock(), days),
            user_name=one.user_name,
            password_hash=await hashes.of(one.password),
            phone=person.mobile,
            email=person.email,
        )
        application = ProfileApplication(profile_id=owned.id, number=one.number)
        with suppress(AlreadyThere):  # another worker was quicker
            filed = ApplicationFiled(person_id=owned.id, until=owned.profile.until)
            await pz.audit.save(pz.profiles.adding(owned), pz.applications.adding(application), event=filed)

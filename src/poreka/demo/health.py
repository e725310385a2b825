"""The demonstration's health records: put in once, for the people of the preset and a child of one of them.

All invented. A database that has them already is left as it is.
"""

import tomllib
from importlib import resources

import msgspec

from poreka.demo.people import Invented
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Insert
from poreka.systems.patient_account.store.health_records import HealthRecord, Kind
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.web.system import System

DAY = 24 * 3600


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Kind
    what: str
    by: str
    days_ago: int
    code: str = ""
    person: str = ""


class _Child(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    guardian: str
    first_name: str
    surname: str
    pesel: str
    records: tuple[_Record, ...] = ()


class _Health(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    records: tuple[_Record, ...]
    children: tuple[_Child, ...]


async def add_health(system: System, people: list[Invented]) -> None:
    """Put the records in, unless they are there."""
    if not isinstance(system, PatientAccountSystem):
        raise TypeError("health records are the patient account's")
    if await system.database.one("SELECT 1 FROM health_records LIMIT 1") is not None:
        return
    text = resources.files("poreka.presets").joinpath("health.toml").read_text("utf-8")
    health = msgspec.convert(tomllib.loads(text), _Health)
    pesels = {person.key: Pesel(person.pesel) for person in people}
    rows: list[Insert] = [_row(system, pesels[one.person], one) for one in health.records]
    for child in health.children:
        facts = PersonFacts(first_name=child.first_name, surname=child.surname, pesel=Pesel(child.pesel))
        rows.append(system.health.adding_ward(pesels[child.guardian], facts))
        rows.extend(_row(system, facts.pesel, one) for one in child.records)
    await system.database.insert(*rows)


def _row(system: PatientAccountSystem, pesel: Pesel, one: _Record) -> Insert:
    at = system.clock() - one.days_ago * DAY
    return system.health.adding(pesel, HealthRecord(kind=one.kind, at=at, what=one.what, by=one.by, code=one.code))

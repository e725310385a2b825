"""What a patient account tells, to its own pages and to the back end of its app alike: one making of it for both (K4).

A child's records are for whom the guardianship is there at that moment, asked anew each time; an unknown choice is
oneself. A child who is of age is nobody's. Looking at records is written down, with whether it was in the app, and a
guardian's look in the child's own history, too. Read next: `relying/patient_account/pages.py`.
"""

from typing import Any

import msgspec

from poreka.audit.entries import AuditEntries
from poreka.contracts.patient_account import (
    KINDS,
    SELF,
    AccountTold,
    HistoryLine,
    HistoryTold,
    PersonTold,
    RecordKind,
    RecordsTold,
    RecordTold,
    What,
)
from poreka.rules.levels import level_named
from poreka.rules.people.person import PersonFacts
from poreka.rules.warsaw_time import warsaw_day
from poreka.systems.patient_account.events import GuardianLooked, RecordsSeen
from poreka.systems.patient_account.store.patient_accounts import PatientAccount
from poreka.systems.patient_account.system import PatientAccountSystem

MOST = 100
IN_APP, OVERVIEW = "app", "overview"
SHOWN: dict[str, What] = {
    "PersonEntered": "entered",
    "AppEntered": "entered",
    "AppOpened": "opened",
    "AppDeviceCopied": "copied",
    "PatientAccountMade": "made",
    "SignedOut": "left",
    "RecordsSeen": "seen",
    "GuardianLooked": "guardian",
}
"""The events that mean something to the person."""


async def account_told(
    system: PatientAccountSystem, account: PatientAccount, chosen: str, *, through: str = ""
) -> AccountTold:
    """The account, and how many records of each kind the chosen person has; for a child that is a look, too."""
    people = await _people(system, account)
    who = chosen if chosen in people else SELF
    counts = {kind: len(await system.health.of(people[who].pesel, kind, MOST)) for kind in KINDS}
    if who != SELF:
        await system.audit.save(event=GuardianLooked(person_id=who, kind=OVERVIEW, through=through))
    told = tuple(PersonTold(id=key, name=name_of(facts)) for key, facts in people.items())
    return AccountTold(people=told, chosen=who, counts=counts)


async def records_told(
    system: PatientAccountSystem, account: PatientAccount, kind: RecordKind, chosen: str, *, through: str = ""
) -> RecordsTold:
    """Records of one kind; that they were looked at is written down."""
    people = await _people(system, account)
    who = chosen if chosen in people else SELF
    found = await system.health.of(people[who].pesel, kind, MOST)
    ward = "" if who == SELF else who
    async with system.audit.transaction() as (_, record):
        await record(RecordsSeen(person_id=account.id, kind=kind, ward=ward, through=through))
        if ward:
            await record(GuardianLooked(person_id=ward, kind=kind, through=through))
    records = tuple(RecordTold(at=one.at, what=one.what, by=one.by, code=one.code) for one in found)
    return RecordsTold(chosen=PersonTold(id=who, name=name_of(people[who])), records=records)


async def history_told(system: PatientAccountSystem, account_id: str) -> HistoryTold:
    """The audit log's own entries about this person, and the looks of their guardians."""
    names = {one.registration.issuer: one.name for one in system.relied_on.values()}
    account, log = await system.accounts.load(account_id), AuditEntries(system.database)
    about = [account_id, *(await system.health.as_ward(account.facts.pesel) if account else [])]
    found = [entry for one in about for entry in await log.shown(person_id=one, limit=MOST)]
    entries = sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]
    lines = tuple(
        _line(one.at, one.event, msgspec.json.decode(one.details), names) for one in entries if one.event in SHOWN
    )
    return HistoryTold(lines=lines)


def name_of(facts: PersonFacts) -> str:
    """A person's name as pages show it."""
    return f"{facts.first_name} {facts.surname}"


def _line(at: int, event: str, details: dict[str, Any], names: dict[str, str]) -> HistoryLine:
    level = level_named(details.get("acr", ""))
    return HistoryLine(
        at=at,
        what=SHOWN[event],
        how=details.get("tool") or names.get(details.get("issuer", ""), ""),
        level=msgspec.convert(level.name.lower(), HistoryLine.__annotations__["level"]) if level else "",
        app=event.startswith("App") or details.get("through") == IN_APP,
    )


async def _people(system: PatientAccountSystem, account: PatientAccount) -> dict[str, PersonFacts]:
    """For whom the account's owner may look, themselves first."""
    return {SELF: account.facts, **await system.health.wards_of(account.facts.pesel, warsaw_day(system.clock()))}

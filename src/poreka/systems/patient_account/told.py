"""What a patient account shows on its own pages and gives to the back end of its app, made in one place for both (K4).

`chosen` is the person whose records are wanted. A guardian may choose a child while the guardianship lasts and the
child is under age, which is asked anew each time; any other choice means the account's owner. The audit log notes each
look at records and whether it was in the app (`through`), and notes a guardian's look about the child, too. Read next:
`relying/patient_account/pages.py`.
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
    """Whom the owner may choose, and how many records of each kind the chosen person has.

    To count a child's records is to look at them: the audit log notes it.
    """
    people = await _people(system, account)
    person_id = chosen if chosen in people else SELF
    counts = {kind: len(await system.health.of(people[person_id].pesel, kind, MOST)) for kind in KINDS}
    if person_id != SELF:
        await system.audit.save(event=GuardianLooked(person_id=person_id, kind=OVERVIEW, through=through))
    choices = tuple(PersonTold(id=key, name=name_of(facts)) for key, facts in people.items())
    return AccountTold(people=choices, chosen=person_id, counts=counts)


async def records_told(
    system: PatientAccountSystem, account: PatientAccount, kind: RecordKind, chosen: str, *, through: str = ""
) -> RecordsTold:
    """The chosen person's records of one kind; the audit log notes the look."""
    people = await _people(system, account)
    person_id = chosen if chosen in people else SELF
    kept = await system.health.of(people[person_id].pesel, kind, MOST)
    ward = "" if person_id == SELF else person_id
    async with system.audit.transaction() as (_, record):
        await record(RecordsSeen(person_id=account.id, kind=kind, ward=ward, through=through))
        if ward:
            await record(GuardianLooked(person_id=ward, kind=kind, through=through))
    records = tuple(RecordTold(at=one.at, what=one.what, by=one.by, code=one.code) for one in kept)
    return RecordsTold(chosen=PersonTold(id=person_id, name=name_of(people[person_id])), records=records)


async def history_told(system: PatientAccountSystem, account_id: str) -> HistoryTold:
    """What the audit log says about this account, and about its owner as a child of guardians; newest first."""
    names = {provider.registration.issuer: provider.name for provider in system.relied_on.values()}
    account, log = await system.accounts.load(account_id), AuditEntries(system.database)
    person_ids = [account_id, *(await system.health.as_ward(account.facts.pesel) if account else [])]
    entries = [entry for person_id in person_ids for entry in await log.shown(person_id=person_id, limit=MOST)]
    newest = sorted(entries, key=lambda entry: entry.at, reverse=True)[:MOST]
    lines = tuple(
        _line(entry.at, entry.event, msgspec.json.decode(entry.details), names)
        for entry in newest
        if entry.event in SHOWN
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
    """Whose records the account's owner may look at, by the id of the choice: the owner first, then the children."""
    return {SELF: account.facts, **await system.health.wards_of(account.facts.pesel, warsaw_day(system.clock()))}

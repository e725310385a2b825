"""Every journey table is played: row by row in its order, back to each row again, and late at each.

A module with a table STEPS that has no playbook here fails, so that a new table is played from its first day. What is
special about a journey is in its own test file.
"""

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import msgspec
import pytest

from poreka.provider.rules.release import ReleaseState, WayIn
from poreka.provider.rules.tool_change import ToolChange
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.tools import Tool
from poreka.rules.journey import Step, go_back, next_step
from poreka.rules.levels import Factor, Level
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.forgotten_password import ForgottenPasswordState
from poreka.systems.portal.rules.registration import RegistrationState
from poreka.systems.trusted_profile.rules.creation import CreationState
from poreka.systems.trusted_profile.rules.recovery import ProfileRecoveryState
from tests.architecture.source import modules

NOW = 1_800_000_000
ENDS = NOW + 1800
DONE = OperationState.AUTHORISED
TWO_FACTORS = (Factor.PASSWORD, Factor.SMS_CODE)


@dataclass(frozen=True)
class Playbook:
    """Where a journey begins, and what completes each row of its table."""

    begins: msgspec.Struct
    rows: Mapping[str, Mapping[str, Any]]


PLAYBOOKS = {
    "release": Playbook(
        ReleaseState(way_in=WayIn.PORTAL_FIRST, expires_at=ENDS, wanted=Level.SUBSTANTIAL),
        {
            "sign_in": {"customer": "jan", "signed_in_at": NOW, "factors": TWO_FACTORS},
            "eligible": {"eligibility_checked": True},
            "informed_and_consented": {"consented": True, "text_hash": "h", "language": "pl"},
            "operation_authorised": {"operation_id": "o", "operation": DONE},
            "released": {"released_at": NOW},
        },
    ),
    "entry": Playbook(
        EntryState(issuer="https://bank.example", expires_at=ENDS),
        {
            "sign_in": {"level": Level.LOW},
            "facts": {"facts_checked": True, "form_needed": True, "terms_needed": True},
            "form": {"form_received": True},
            "terms": {"terms_accepted": True},
            "profile": {"profile_id": "p"},
            "session": {"session_opened": True},
        },
    ),
    "untrusted_registration": Playbook(
        RegistrationState(expires_at=ENDS),
        {
            "form": {"form_received": True},
            "email": {"operation_id": "o", "operation": DONE},
            "profile": {"profile_id": "p"},
        },
    ),
    "forgotten_password": Playbook(
        ForgottenPasswordState(expires_at=ENDS),
        {
            "request": {"requested": True, "account": "a", "email": "a@b.example", "password_hash": "h"},
            "code": {"operation_id": "o", "operation": DONE},
            "new_password": {"changed_at": NOW},
        },
    ),
    "profile_creation": Playbook(
        CreationState(expires_at=ENDS),
        {
            "facts": {"facts_known": True},
            "contact": {"contact_given": True},
            "phone": {"phone_operation_id": "o1", "phone": DONE},
            "email": {"email_operation_id": "o2", "email": DONE},
            "word": {"word_holds": True},
            "credentials": {"profile_id": "p"},
        },
    ),
    "profile_recovery": Playbook(
        ProfileRecoveryState(expires_at=ENDS, account="a"),
        {
            "email": {"operation_id": "o", "operation": DONE},
            "tool": {"tool_journey": "t", "tool_answered": True},
            "new_password": {"changed_at": NOW},
        },
    ),
    "tool_change": Playbook(
        ToolChange(person_id="jan", old=Tool.SMS, new=Tool.PUSH, expires_at=ENDS),
        {
            "authorised_with_the_old": {"old_operation_id": "o1", "old_operation": DONE},
            "confirmed_on_the_new": {"new_operation_id": "o2", "new_operation": DONE},
            "changed": {"changed_at": NOW},
        },
    ),
}
TABLES = {
    "release": "poreka.provider.rules.release",
    "tool_change": "poreka.provider.rules.tool_change",
    "entry": "poreka.systems.portal.rules.entry",
    "untrusted_registration": "poreka.systems.portal.rules.registration",
    "forgotten_password": "poreka.systems.portal.rules.forgotten_password",
    "profile_creation": "poreka.systems.trusted_profile.rules.creation",
    "profile_recovery": "poreka.systems.trusted_profile.rules.recovery",
}
EVERY = pytest.mark.parametrize("name", PLAYBOOKS)


def module(name: str) -> ModuleType:
    return importlib.import_module(TABLES[name])


def where(name: str, state: msgspec.Struct, now: int = NOW) -> str:
    stands_at: Callable[[msgspec.Struct, int], Any] = module(name).stands_at
    stands = stands_at(state, now)
    return stands.name if isinstance(stands, Step) else f"ended: {stands.value}"


def played(name: str) -> list[tuple[str, msgspec.Struct]]:
    """Each row with the state in which it is next; the last pair is the end."""
    book, states = PLAYBOOKS[name], list[tuple[str, msgspec.Struct]]()
    state = book.begins
    for row, changes in book.rows.items():
        states.append((row, state))
        state = msgspec.structs.replace(state, **changes)
    return [*states, ("", state)]


def test_every_table_has_a_playbook() -> None:
    rules = {
        str(one) for one in modules() if "rules" in one.path.parts and re.search(r"^STEPS\b", one.text, re.MULTILINE)
    }
    assert {f"{name.removeprefix('poreka.').replace('.', '/')}.py" for name in TABLES.values()} == rules
    assert TABLES.keys() == PLAYBOOKS.keys()


@EVERY
def test_the_rows_come_in_the_tables_order_and_then_it_is_over(name: str) -> None:
    *rows, (_, last) = played(name)
    assert [row for row, _ in rows] == [step.name for step in module(name).STEPS]
    for row, state in rows:
        assert where(name, state) == row
    assert next_step(module(name).STEPS, last) is None
    assert where(name, last).startswith("ended: ")
    assert where(name, last, ENDS + 9999) == where(name, last), "what is finished does not run out"


@EVERY
def test_going_back_to_a_row_asks_for_it_again_and_forgets_what_came_later(name: str) -> None:
    *rows, (_, last) = played(name)
    for row, before in rows:
        back = go_back(module(name).STEPS, last, row)
        assert where(name, back) == row
        assert back == before


@EVERY
def test_a_journey_that_is_late_goes_no_further_at_any_row(name: str) -> None:
    *rows, _ = played(name)
    for row, state in rows:
        assert where(name, state, ENDS) == "ended: expired", row


@EVERY
def test_no_row_can_be_skipped(name: str) -> None:
    """A stale tab that sends a later step's answer cannot jump ahead."""
    book = PLAYBOOKS[name]
    for skipped in book.rows:
        state = book.begins
        for row, changes in list(book.rows.items())[:-1]:
            state = state if row == skipped else msgspec.structs.replace(state, **changes)
        rows = list(book.rows)
        later = set(rows[rows.index(skipped) + 1 :]) if skipped != rows[-1] else set()
        stands = where(name, state)
        assert stands not in later, skipped
        assert stands != where(name, played(name)[-1][1]), "not finished without it"

"""Making a trusted profile, step by step, in every order that a browser may try."""

import msgspec
import pytest

from poreka.rules.authorising.operation import OperationState
from poreka.rules.journey import go_back
from poreka.systems.trusted_profile.rules.creation import STEPS, CreationEnded, CreationState, stands_at

NOW = 1_800_000_000
NEW = CreationState(expires_at=NOW + 1800)


def at(state: CreationState, now: int = NOW) -> str:
    stands = stands_at(state, now)
    return stands.value if isinstance(stands, CreationEnded) else stands.name


def with_(state: CreationState, **values: object) -> CreationState:
    return msgspec.structs.replace(state, **values)


def test_the_way_through() -> None:
    state = NEW
    assert at(state) == "facts"
    state = with_(state, facts_known=True)
    assert at(state) == "contact"
    state = with_(state, contact_given=True, phone_operation_id="o1", phone=OperationState.ISSUED)
    assert at(state) == "phone"
    state = with_(state, phone=OperationState.AUTHORISED, email_operation_id="o2", email=OperationState.ISSUED)
    assert at(state) == "email"
    state = with_(state, email=OperationState.AUTHORISED)
    assert at(state) == "word"
    state = with_(state, word_holds=True)
    assert at(state) == "credentials"
    assert at(with_(state, profile_id="z1")) == "made"


@pytest.mark.parametrize("channel", ["phone", "email"])
def test_three_wrong_codes_end_it_and_a_late_code_does_not(channel: str) -> None:
    waiting = with_(NEW, facts_known=True, contact_given=True, phone=OperationState.AUTHORISED)
    assert at(with_(waiting, **{channel: OperationState.FAILED})) == "aborted"
    assert at(with_(waiting, **{channel: OperationState.EXPIRED})) == channel


def test_it_expires_unless_it_was_finished() -> None:
    assert at(NEW, NOW + 1800) == "expired"
    assert at(with_(NEW, profile_id="z1"), NOW + 1800) == "made"


def test_who_changes_the_contact_data_confirms_them_again() -> None:
    done = with_(
        NEW,
        facts_known=True,
        contact_given=True,
        phone_operation_id="o1",
        phone=OperationState.AUTHORISED,
        email_operation_id="o2",
        email=OperationState.AUTHORISED,
    )
    back = go_back(STEPS, done, "contact")
    assert at(back) == "contact"
    assert (back.phone, back.email, back.phone_operation_id) == (None, None, None)
    assert back.facts_known

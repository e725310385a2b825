import msgspec

from poreka.rules.authorising.operation import OperationState
from poreka.rules.journey import go_back
from poreka.systems.portal.rules.registration import STEPS, RegistrationEnded, RegistrationState, stands_at

NOW = 1_760_000_000
STARTED = RegistrationState(expires_at=NOW + 1800)


def where(state: RegistrationState, now: int = NOW) -> str | RegistrationEnded:
    stands = stands_at(state, now)
    return stands if isinstance(stands, RegistrationEnded) else stands.name


def test_form_then_e_mail_then_profile() -> None:
    state = STARTED
    assert where(state) == "form"
    state = msgspec.structs.replace(state, form_received=True)
    assert where(state) == "email"
    state = msgspec.structs.replace(state, operation_id="op", operation=OperationState.ISSUED)
    assert where(state) == "email"
    state = msgspec.structs.replace(state, operation=OperationState.AUTHORISED)
    assert where(state) == "profile"
    state = msgspec.structs.replace(state, profile_id="p-1")
    assert where(state, NOW + 9999) is RegistrationEnded.REGISTERED


def test_a_confirmed_address_without_a_form_is_no_registration() -> None:
    assert where(msgspec.structs.replace(STARTED, operation=OperationState.AUTHORISED)) == "form"


def test_three_wrong_codes_end_it_and_an_expired_code_does_not() -> None:
    state = msgspec.structs.replace(STARTED, form_received=True, operation=OperationState.FAILED)
    assert where(state) is RegistrationEnded.ABORTED
    expired = msgspec.structs.replace(state, operation_id="op", operation=OperationState.EXPIRED)
    assert where(expired) == "email"
    assert go_back(STEPS, expired, "email") == msgspec.structs.replace(STARTED, form_received=True)


def test_going_back_to_the_form_asks_for_the_address_to_be_confirmed_again() -> None:
    state = msgspec.structs.replace(STARTED, form_received=True, operation=OperationState.AUTHORISED)
    assert go_back(STEPS, state, "form") == STARTED


def test_time_runs_out() -> None:
    assert where(STARTED, NOW + 1800) is RegistrationEnded.EXPIRED

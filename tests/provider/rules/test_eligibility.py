from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.eligibility import (
    ALWAYS_CHECKED,
    SMS_REASONS,
    AccountRole,
    CustomerRecord,
    EligibilityPolicy,
    Eligible,
    Reason,
    Refused,
    eligibility,
    tool_fits,
)
from poreka.provider.rules.sim_swap import DAY, Withheld
from poreka.rules.authorising.tools import Readiness, Tool
from poreka.rules.people.pesel import PeselFault, read_pesel
from tests.rules.synthetic import JAN

NOW = 1_760_000_000
POLICY = EligibilityPolicy()
GOOD = CustomerRecord(
    identity_verified=True,
    account_role=AccountRole.OWNER,
    opened_by_transfer=False,
    phone="600700800",
    sms_active=True,
    sim_replaced_at=None,
    pesel=JAN.pesel,
)
records = st.builds(
    CustomerRecord,
    identity_verified=st.booleans(),
    account_role=st.sampled_from(AccountRole),
    opened_by_transfer=st.booleans(),
    phone=st.sampled_from([None, "600700800"]),
    sms_active=st.booleans(),
    sim_replaced_at=st.sampled_from([None, NOW - DAY, NOW - 30 * DAY]),
    pesel=st.sampled_from([None, PeselFault.LENGTH, JAN.pesel]),
    codes_spent=st.booleans(),
    tool=st.sampled_from(Tool),
    readiness=st.sampled_from(Readiness),
    sms_withheld=st.none() | st.sampled_from(Withheld),
)
policies = st.builds(EligibilityPolicy, checked=st.lists(st.sampled_from(Reason)).map(tuple))


def decide(*, code_needed: bool = True, policy: EligibilityPolicy = POLICY, **changes: object) -> Eligible | Refused:
    return eligibility(msgspec.structs.replace(GOOD, **changes), policy, code_needed=code_needed, now=NOW)


@pytest.mark.parametrize("role", [AccountRole.OWNER, AccountRole.CO_OWNER])
def test_owners_and_co_owners_may_go_on(role: AccountRole) -> None:
    assert decide(account_role=role) == Eligible()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"identity_verified": False}, Reason.IDENTITY_NOT_VERIFIED),  # a
        ({"account_role": AccountRole.NONE}, Reason.NO_CURRENT_ACCOUNT),  # b
        ({"account_role": AccountRole.AUTHORISED}, Reason.NOT_OWNER),  # c
        ({"phone": None}, Reason.NO_PHONE),  # d
        ({"phone": None, "sms_active": False}, Reason.NO_PHONE),  # d: one thing to do first
        ({"sms_active": False}, Reason.SMS_NOT_ACTIVE),  # d
        ({"pesel": None}, Reason.NO_PESEL),  # e
        ({"pesel": read_pesel("851212569836")}, Reason.PESEL_INVALID),  # f, X3
        ({"opened_by_transfer": True}, Reason.OPENED_BY_TRANSFER),  # g
        ({"sim_replaced_at": NOW - DAY}, Reason.SIM_REPLACED),  # P10
        ({"sms_withheld": Withheld.REPLACED}, Reason.SIM_REPLACED),  # P10: the operator says so
        ({"sms_withheld": Withheld.UNTOLD}, Reason.SIM_UNKNOWN),  # P10: the operator does not tell
        ({"codes_spent": True}, Reason.CODES_SPENT),  # P4, across operations
        ({"tool": Tool.CARD, "readiness": Readiness.MISSING}, Reason.NO_CODE_CARD),  # P3
        ({"tool": Tool.PUSH, "readiness": Readiness.MISSING}, Reason.NO_APP),  # P3
        *(({"tool": tool, "readiness": Readiness.BLOCKED}, Reason.TOOL_BLOCKED) for tool in Tool),
        *(({"tool": tool, "readiness": Readiness.WAITS}, Reason.TOOL_WAITS) for tool in Tool),
    ],
)
def test_each_reason_alone(changes: dict[str, Any], reason: Reason) -> None:
    assert decide(**changes) == Refused((reason,))


def test_codes_are_held_back_for_three_days_after_a_new_sim_card() -> None:
    assert decide(sim_replaced_at=NOW - 3 * DAY + 1) == Refused((Reason.SIM_REPLACED,))
    assert decide(sim_replaced_at=NOW - 3 * DAY) == Eligible()
    longer = EligibilityPolicy(sim_hold_days=7)
    assert decide(sim_replaced_at=NOW - 3 * DAY, policy=longer) == Refused((Reason.SIM_REPLACED,))


def test_no_bank_can_switch_off_the_limit_on_codes() -> None:
    assert decide(codes_spent=True, policy=EligibilityPolicy(checked=())) == Refused((Reason.CODES_SPENT,))
    assert decide(codes_spent=True, code_needed=False) == Eligible()


def test_sms_does_not_matter_where_no_code_is_needed() -> None:
    assert decide(code_needed=False, phone=None, sms_active=False, sim_replaced_at=NOW) == Eligible()
    assert decide(code_needed=False, pesel=None) == Refused((Reason.NO_PESEL,))


def test_a_bank_checks_what_it_is_configured_to_check() -> None:
    assert decide(opened_by_transfer=True, policy=EligibilityPolicy(checked=(Reason.NO_PESEL,))) == Eligible()


@given(records, policies)
def test_a_tool_fits_where_nothing_about_it_would_refuse(record: CustomerRecord, policy: EligibilityPolicy) -> None:
    rest = msgspec.structs.replace(GOOD, tool=record.tool, readiness=record.readiness, phone=record.phone)
    sim = {"sim_replaced_at": record.sim_replaced_at, "sms_withheld": record.sms_withheld}
    rest = msgspec.structs.replace(rest, sms_active=record.sms_active, **sim)
    allowed = eligibility(rest, policy, code_needed=True, now=NOW) == Eligible()
    assert tool_fits(record, policy, NOW) == allowed


@given(records, policies, st.booleans())
def test_reasons_are_checked_ones_once_each_in_the_fixed_order(
    record: CustomerRecord, policy: EligibilityPolicy, code_needed: bool
) -> None:
    order = list(Reason)
    match eligibility(record, policy, code_needed=code_needed, now=NOW):
        case Refused(reasons):
            assert reasons
            assert set(reasons) <= ALWAYS_CHECKED | set(policy.checked)
            assert [order.index(reason) for reason in reasons] == sorted({order.index(r) for r in reasons})
            assert code_needed or not SMS_REASONS & set(reasons)
        case Eligible():
            pass


@given(records, policies)
def test_needing_a_code_never_makes_anyone_eligible(record: CustomerRecord, policy: EligibilityPolicy) -> None:
    if eligibility(record, policy, code_needed=True, now=NOW) == Eligible():
        assert eligibility(record, policy, code_needed=False, now=NOW) == Eligible()


def test_a_printed_record_shows_no_pesel() -> None:
    assert JAN.pesel.digits not in repr(GOOD)


def test_policy_is_readable_from_settings_and_strict() -> None:
    read = msgspec.convert({"checked": ["no_pesel", "pesel_invalid"], "sim_hold_days": 5}, EligibilityPolicy)
    assert read == EligibilityPolicy(checked=(Reason.NO_PESEL, Reason.PESEL_INVALID), sim_hold_days=5)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"cheked": []}, EligibilityPolicy)

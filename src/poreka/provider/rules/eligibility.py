"""May this bank customer use the service? Asked at the bank, before any data goes (P8, P10).

A bank decides by configuration which reasons it checks (`EligibilityPolicy.checked`); the order in which a
person reads them is fixed here. The phone matters only to who authorises by SMS, and only to an entry that
needs a code: a remembered consent does not (P6). The portal never learns a reason, it gets `access_denied`.
What the person should do next is said by the text of each reason, not here.
"""

import enum
from collections.abc import Iterator

import msgspec

from poreka.provider.rules.sim_swap import Withheld, replaced_lately
from poreka.rules.authorising.tools import Readiness, Tool
from poreka.rules.people.pesel import Pesel, PeselFault


class Reason(enum.Enum):
    """Why a customer is refused; the letters are those of P8."""

    IDENTITY_NOT_VERIFIED = "identity_not_verified"  # a
    NO_CURRENT_ACCOUNT = "no_current_account"  # b
    NOT_OWNER = "not_owner"  # c
    NO_PHONE = "no_phone"  # d
    SMS_NOT_ACTIVE = "sms_not_active"  # d
    NO_PESEL = "no_pesel"  # e
    PESEL_INVALID = "pesel_invalid"  # f
    OPENED_BY_TRANSFER = "opened_by_transfer"  # g
    SIM_REPLACED = "sim_replaced"  # P10
    SIM_UNKNOWN = "sim_unknown"  # P10: the operator does not tell
    CODES_SPENT = "codes_spent"  # P4, across operations
    NO_CODE_CARD = "no_code_card"  # P3: the customer's tool is a card, and there is none with codes left
    NO_APP = "no_app"  # P3: the customer's tool is the app, and there is none
    TOOL_BLOCKED = "tool_blocked"  # P3: the customer's tool was lost
    TOOL_WAITS = "tool_waits"  # P3: the customer's tool was added a short time ago


SMS_REASONS = frozenset({Reason.NO_PHONE, Reason.SMS_NOT_ACTIVE, Reason.SIM_REPLACED, Reason.SIM_UNKNOWN})
# No bank may switch these off.
ALWAYS_CHECKED = frozenset(
    {
        Reason.CODES_SPENT,
        Reason.NO_CODE_CARD,
        Reason.NO_APP,
        Reason.TOOL_BLOCKED,
        Reason.TOOL_WAITS,
        Reason.SIM_UNKNOWN,
    }
)
CODE_REASONS = SMS_REASONS | ALWAYS_CHECKED


class AccountRole(enum.Enum):
    """What the customer is to a current account (ROR), at best."""

    OWNER = "owner"
    CO_OWNER = "co_owner"
    AUTHORISED = "authorised"
    NONE = "none"


class CustomerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank knows about its customer, as far as it counts here; `pesel`: None where none is kept."""

    identity_verified: bool
    account_role: AccountRole
    opened_by_transfer: bool
    phone: str | None
    sms_active: bool
    sim_replaced_at: int | None
    pesel: Pesel | PeselFault | None
    codes_spent: bool = False  # rules.code_allowance
    tool: Tool = Tool.SMS
    readiness: Readiness = Readiness.READY  # of that tool
    sms_withheld: Withheld | None = None  # rules.sim_swap: what the operator said when a code was to be sent


class EligibilityPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one bank checks, and for how many days after a change of SIM card it sends no codes."""

    checked: tuple[Reason, ...] = tuple(Reason)
    sim_hold_days: int = 3


class Eligible(msgspec.Struct, frozen=True):
    """Nothing stands in the way."""


class Refused(msgspec.Struct, frozen=True):
    """Everything that stands in the way, so that the person can put it right in one go."""

    reasons: tuple[Reason, ...]


def eligibility(
    record: CustomerRecord, policy: EligibilityPolicy, *, code_needed: bool, now: int
) -> Eligible | Refused:
    """Decide P8 and P10; `code_needed` is `provider.rules.release.code_needed`."""
    found = frozenset(_reasons(record, policy, now))
    checked = ALWAYS_CHECKED.union(policy.checked)
    counted = checked if code_needed else checked - CODE_REASONS
    reasons = tuple(reason for reason in Reason if reason in found & counted)
    return Refused(reasons) if reasons else Eligible()


def tool_fits(record: CustomerRecord, policy: EligibilityPolicy, now: int) -> bool:
    """Whether the tool that the record names can be used for an operation now."""
    counted = ALWAYS_CHECKED.union(policy.checked)
    return counted.isdisjoint(_reasons_of_tool(record, policy, now))


def _reasons(record: CustomerRecord, policy: EligibilityPolicy, now: int) -> Iterator[Reason]:
    yield from _reasons_of_person(record)
    yield from _reasons_of_tool(record, policy, now)
    if record.codes_spent:
        yield Reason.CODES_SPENT


def _reasons_of_person(record: CustomerRecord) -> Iterator[Reason]:
    if not record.identity_verified:
        yield Reason.IDENTITY_NOT_VERIFIED
    if record.account_role is AccountRole.NONE:
        yield Reason.NO_CURRENT_ACCOUNT
    if record.account_role is AccountRole.AUTHORISED:
        yield Reason.NOT_OWNER
    if record.pesel is None:
        yield Reason.NO_PESEL
    if isinstance(record.pesel, PeselFault):
        yield Reason.PESEL_INVALID
    if record.opened_by_transfer:
        yield Reason.OPENED_BY_TRANSFER


_UNREADY = {
    (Tool.CARD, Readiness.MISSING): Reason.NO_CODE_CARD,
    (Tool.PUSH, Readiness.MISSING): Reason.NO_APP,
    **{(tool, Readiness.BLOCKED): Reason.TOOL_BLOCKED for tool in Tool},
    **{(tool, Readiness.WAITS): Reason.TOOL_WAITS for tool in Tool},
}


def _reasons_of_tool(record: CustomerRecord, policy: EligibilityPolicy, now: int) -> Iterator[Reason]:
    if reason := _UNREADY.get((record.tool, record.readiness)):
        yield reason
    elif record.tool is Tool.SMS:
        yield from _reasons_of_phone(record, policy, now)


def _reasons_of_phone(record: CustomerRecord, policy: EligibilityPolicy, now: int) -> Iterator[Reason]:
    if record.phone is None:
        yield Reason.NO_PHONE
    elif not record.sms_active:
        yield Reason.SMS_NOT_ACTIVE
    known = record.sim_replaced_at
    by_record = known is not None and replaced_lately(known, policy.sim_hold_days, now)
    if by_record or record.sms_withheld is Withheld.REPLACED:
        yield Reason.SIM_REPLACED
    if record.sms_withheld is Withheld.UNTOLD:
        yield Reason.SIM_UNKNOWN

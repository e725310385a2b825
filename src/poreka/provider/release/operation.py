"""The authorisation operation of a release: issued with its one question, cancelled with what it was for (P3).

What an operation is, and how it is asked, is the same for everything a customer authorises:
`provider/authorising/operations_under_way.py`. This is what it is for here, and the state it leaves. Trying codes is
`code.py`, the app's answer `push.py`.
"""

import msgspec

from poreka.audit.record import Recorder
from poreka.provider.authorising import operations_under_way as authorising
from poreka.provider.authorising.operations_under_way import Asking, PushNotNow
from poreka.provider.authorising.sent_with_sign_in import may_go_unasked
from poreka.provider.authorising.sms_leave import SmsLeave, leave_for_sms
from poreka.provider.release.standing import ReleaseStanding, pot_of
from poreka.provider.release.stored import Release
from poreka.provider.rules.release import ReleaseState
from poreka.provider.rules.sim_swap import Withheld
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.operation_message import sign_in_purpose, signing_purpose
from poreka.rules.authorising.tools import Tool
from poreka.store.database import Stale, Transaction


async def issue_operation(
    transaction: Transaction,
    record: Recorder,
    bank: Bank,
    standing: ReleaseStanding,
    state: ReleaseState,
    tool: Tool,
    leave: SmsLeave,
) -> ReleaseState:
    """A new operation and its question, in the transaction of what it is for; or a state that says why there is no
    code by SMS (P10). Raises `Stale`, `PushNotNow`."""
    if leave.withheld is not None:
        await leave.note(record)
        return withheld(state, leave.withheld)
    name, signature = standing.service.name["pl"], standing.release.wish.signature
    into = bank.texts["pl"].name(name, "genitive")
    asking = Asking(
        customer=standing.signed_in().customer,
        journey_id=standing.journey.id,
        purpose=signing_purpose(signature.summary) if signature else sign_in_purpose(into),
        service=name,
        pot=pot_of(state),
        document=signature.document if signature else None,
    )
    operation = await authorising.issue_operation(transaction, record, bank, asking, tool, leave)
    return msgspec.structs.replace(state, operation_id=operation.id, operation=OperationState.ISSUED, withheld=None)


async def code_goes_unasked(bank: Bank, standing: ReleaseStanding) -> bool:
    """Whether the code goes out with the sign-in that was made for this release: at the trusted profile, where one
    belongs to every sign-in, once. A signature is shown first, and a consent is given first."""
    state = standing.release.state
    if not bank.code_with_sign_in or state.signing or not state.consent_remembered:
        return False
    if not state.signed_in_for_this or standing.operation is not None:
        return False
    return await may_go_unasked(bank, standing.signed_in().session)


async def begin_asking(bank: Bank, standing: ReleaseStanding, tool: Tool) -> None:
    """An operation of the release in place of the one before; where none may begin, the page shows why."""
    leave = await leave_for_sms(bank, standing.signed_in().customer, tool, standing.journey.id)
    try:
        async with bank.audit.transaction() as (transaction, record):
            await cancel_operation(transaction, bank, standing)
            state = await issue_operation(transaction, record, bank, standing, standing.release.state, tool, leave)
            await save_state(transaction, bank, standing, state)
    except (Stale, PushNotNow):
        return
    bank.wake_delivery()


def withheld(state: ReleaseState, why: Withheld) -> ReleaseState:
    """No code by SMS in this release: an operation that waited for one is no part of it any more."""
    return msgspec.structs.replace(state, withheld=why, instead=Tool.SMS, operation_id=None, operation=None)


async def cancel_operation(transaction: Transaction, bank: Bank, standing: ReleaseStanding) -> None:
    """End an open operation with the release it belongs to; raises `Stale`."""
    await authorising.cancel_operation(transaction, bank, standing.operation)


async def save_state(transaction: Transaction, bank: Bank, standing: ReleaseStanding, state: ReleaseState) -> None:
    """Put the new state in place of the one that was read; raises `Stale`."""
    release: Release = msgspec.structs.replace(standing.release, state=state)
    await bank.journeys.save(transaction, standing.journey, msgspec.json.encode(release))

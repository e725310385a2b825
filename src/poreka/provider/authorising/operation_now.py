"""An operation as it stands now, with its push request if it has one: what a page that waits for an answer loads.

A push request that came to nothing, or a code whose time is over, ends its operation, not what the operation was for:
the person may ask anew, or use another tool. Wrong codes, on the other hand, abort it (P4).
"""

from poreka.provider.system import Bank
from poreka.rules.authorising.operation import OperationState, as_of
from poreka.rules.authorising.push_request import PushRequest, PushState
from poreka.rules.authorising.push_request import as_of as request_as_of
from poreka.rules.authorising.tools import Tool
from poreka.store.operations import OwnedOperation


async def push_of(bank: Bank, operation: OwnedOperation | None) -> PushRequest | None:
    """The request of an operation that is authorised by push, as it stands now."""
    if operation is None or operation.operation.tool is not Tool.PUSH:
        return None
    request = await bank.app_requests.of_operation(operation.operation.id)
    return request_as_of(request, bank.clock()) if request else None


def has_lapsed(operation: OwnedOperation | None, now: int) -> bool:
    """Whether the time of the operation's code is over: another one may follow (`rules/limits/code_allowance.py`)."""
    if operation is None or operation.operation.tool is Tool.PUSH:
        return False
    return as_of(operation.operation, now).state is OperationState.EXPIRED


def still_counts(operation: OwnedOperation | None, push: PushRequest | None, now: int) -> bool:
    """Whether how the operation stands says how that stands which it belongs to."""
    if operation is None or operation.operation.tool is not Tool.PUSH:
        return True
    if operation.operation.state is OperationState.AUTHORISED:
        return True
    waits = push is not None and push.state in (PushState.OPEN, PushState.APPROVED)
    return waits and as_of(operation.operation, now).state is OperationState.ISSUED

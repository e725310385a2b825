"""What the code's page says about its message: never more than is known."""

import datetime

import msgspec
import pytest

from poreka.codes.message_state import message_state
from poreka.rules.authorising.operation import Operation
from poreka.rules.limits.sending import TOO_MANY
from poreka.store.outbox import Delivery

AT = 1_800_000_000  # 9:00 in Warsaw
OPERATION = Operation(
    id="o", number=1, date=datetime.date(2027, 1, 15), purpose="x", code_hash=b"", issued_at=AT, code_issued_at=AT,
    expires_at=AT + 300,
)  # fmt: skip
WAITING = {"attempts": 1, "dispatched_at": None, "failed_at": None, "failure": None}


@pytest.mark.parametrize(
    ("delivery", "lives", "shown"),
    [
        ({}, False, ("sending", "", None)),
        ({"failure": "the gateway cannot be reached"}, False, ("sending", "", "late")),
        ({"handed_at": AT + 57}, False, ("sending", "", "late")),
        ({"handed_at": AT + 58}, False, ("sending", "", None)),
        ({"dispatched_at": AT}, True, ("sent", "09:00", None)),
        ({"dispatched_at": AT, "unsure": True}, True, ("unsure", "09:00", "unsure")),
        ({}, True, ("unsure", "09:00", "unsure")),  # it may have left, and is being asked again
        ({"dispatched_at": AT, "report": "delivered", "reported_at": AT + 60}, True, ("delivered", "09:01", None)),
        (
            {"dispatched_at": AT, "report": "undelivered", "reported_at": AT + 60},
            True,
            ("undelivered", "09:01", "undelivered"),
        ),
        ({"failed_at": AT, "failure": "the gateway answered 400"}, False, ("failed", "", "failed")),
        ({"failed_at": AT, "failure": TOO_MANY}, False, ("failed", "", "too_many")),
    ],
)
def test_how_a_message_stands(delivery: dict[str, object], lives: bool, shown: tuple[str, str, str | None]) -> None:
    operation = msgspec.structs.replace(OPERATION, dispatched_at=AT if lives else None)
    assert message_state(operation, msgspec.convert({**WAITING, **delivery}, Delivery), AT + 60) == shown


def test_a_message_that_is_not_there_yet_is_being_sent() -> None:
    assert message_state(OPERATION, None, AT).how == "sending"

"""What a proposal must have for its act, and nothing of another act's; no document prints a PESEL."""

import pytest

from poreka.rules.desk_messages import ClerkNamed, NewFacts, Proposing, is_complete
from poreka.rules.profile_proposal import Act, Reason

CLERK = ClerkNamed(id="c", name="G", pesel="69051744280")
FACTS = NewFacts(first_name="Jan", surname="Nowy", pesel="83041741039")


@pytest.mark.parametrize(
    ("act", "reason", "reference", "facts", "complete"),
    [
        (Act.INVALIDATION, Reason.MISUSED, "", None, True),
        (Act.INVALIDATION, None, "R", None, False),
        (Act.INVALIDATION, Reason.MISUSED, "", FACTS, False),
        (Act.DEATH, None, "Akt 1", None, True),
        (Act.DEATH, None, "  ", None, False),
        (Act.DEATH, Reason.RULING, "Akt 1", None, False),
        (Act.DEATH, None, "Akt 1", FACTS, False),
        (Act.CHANGE, None, "USC 1", FACTS, True),
        (Act.CHANGE, None, "USC 1", None, False),
        (Act.CHANGE, None, "", FACTS, False),
        (Act.CHANGE, Reason.RULING, "USC 1", FACTS, False),
    ],
)
def test_each_act_has_its_own_particulars(
    act: Act, reason: Reason | None, reference: str, facts: NewFacts | None, complete: bool
) -> None:
    told = Proposing(clerk=CLERK, act=act, reason=reason, reference=reference, facts=facts)
    assert is_complete(told) is complete


def test_no_document_prints_a_person() -> None:
    assert repr(CLERK) == "ClerkNamed(…)"
    assert repr(FACTS) == "NewFacts(…)"

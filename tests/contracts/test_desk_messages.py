"""What a proposal must have for its act, and nothing of another act's; no document prints a PESEL."""

import pytest

from poreka.contracts.desk import ClerkNamed, KeySigned, NewFacts, Proposing, is_complete
from poreka.contracts.desk_words import Act, Reason

CLERK = ClerkNamed(id="c", name="G", pesel="69051744280")
SIGNED = KeySigned(key="k", public_key="p", token="t", said="s", assertion="{}")
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
    told = Proposing(clerk=CLERK, act=act, signed=SIGNED, reason=reason, reference=reference, facts=facts)
    assert is_complete(told) is complete


@pytest.mark.parametrize(
    ("reason", "reference", "may"),
    [
        (Reason.OWNER_ASKED, "123456", True),
        (Reason.OWNER_ASKED, "12345", False),
        (Reason.OWNER_ASKED, "", False),
        (Reason.MISUSED, "123456", False),
    ],
)
def test_an_approval_belongs_to_what_the_owner_asked_for_under_a_case(
    reason: Reason, reference: str, may: bool
) -> None:
    told = Proposing(
        clerk=CLERK, act=Act.INVALIDATION, signed=SIGNED, reason=reason, reference=reference, approval="a.b.c"
    )
    assert is_complete(told) is may


def test_no_document_prints_a_person() -> None:
    assert repr(CLERK) == "ClerkNamed(…)"
    assert repr(FACTS) == "NewFacts(…)"

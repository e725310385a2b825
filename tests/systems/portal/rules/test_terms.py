from typing import NamedTuple

import msgspec
import pytest

from poreka.systems.portal.rules.terms import (
    Acceptance,
    NotAccepted,
    TermsAnswer,
    TermsFault,
    accept_terms,
    changes_since,
)

ALL = TermsAnswer(version="5", regulations=True, contact_data=True, electronic_information=True)


@pytest.mark.parametrize("information", [True, False])
def test_two_boxes_are_needed_and_the_third_is_free(information: bool) -> None:
    answer = msgspec.structs.replace(ALL, electronic_information=information)
    assert accept_terms(answer, "5", 1000) == Acceptance(
        version="5", electronic_information=information, accepted_at=1000
    )


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"regulations": False}, (TermsFault.REGULATIONS_NEEDED,)),
        ({"contact_data": False}, (TermsFault.CONTACT_DATA_NEEDED,)),
        ({"version": "4"}, (TermsFault.VERSION_CHANGED,)),
        ({"version": "4", "regulations": False, "contact_data": False}, tuple(TermsFault)),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], faults: tuple[TermsFault, ...]) -> None:
    assert accept_terms(msgspec.structs.replace(ALL, **changes), "5", 1000) == NotAccepted(faults)


class OfVersion(NamedTuple):
    version: str


CHANGES = tuple(map(OfVersion, ("1", "2", "3")))


@pytest.mark.parametrize(("accepted", "told"), [("1", "23"), ("2", "3"), ("3", ""), ("0", "123"), ("", "123")])
def test_whoever_skipped_a_version_is_told_of_every_one_since(accepted: str, told: str) -> None:
    assert "".join(one.version for one in changes_since(accepted, CHANGES)) == told

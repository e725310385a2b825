import msgspec
import pytest

from poreka.rules.people.person import Fact, differing_facts
from tests.rules.synthetic import JAN, OTHER_PESEL


def test_the_same_person_written_differently() -> None:
    theirs = msgspec.structs.replace(JAN, first_name=" JAN", surname="kowalski")
    assert differing_facts(JAN, theirs) == frozenset()


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({"first_name": "Janina"}, {Fact.FIRST_NAME}),
        ({"surname": "Nowak"}, {Fact.SURNAME}),
        ({"pesel": OTHER_PESEL}, {Fact.PESEL}),
        ({"first_name": "Ewa", "surname": "Nowak", "pesel": OTHER_PESEL}, set(Fact)),
    ],
)
def test_each_difference_is_named(changes: dict[str, object], facts: set[Fact]) -> None:
    theirs = msgspec.structs.replace(JAN, **changes)
    assert differing_facts(JAN, theirs) == facts
    assert differing_facts(theirs, JAN) == facts


def test_printing_a_person_hides_the_number() -> None:
    assert JAN.pesel.digits not in repr(JAN)

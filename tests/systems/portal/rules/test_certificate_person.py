import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.systems.portal.rules.certificate_person import LONGEST_NAME, PersonFault, person_of

JAN = {"serialNumber": ["PNOPL-83041741039"], "givenName": ["Jan Maria"], "surname": ["Kowalski-Żółć"]}
names = st.text(max_size=LONGEST_NAME + 10)


def test_the_three_facts_as_they_stand() -> None:
    facts = PersonFacts(first_name="Jan Maria", surname="Kowalski-Żółć", pesel=Pesel("83041741039"))
    assert person_of(JAN) == facts
    assert person_of({**JAN, "pseudonym": []}) == facts


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"serialNumber": []}, PersonFault.NO_NUMBER),
        ({"serialNumber": ["PNOPL-83041741039"] * 2}, PersonFault.NO_NUMBER),
        ({"serialNumber": ["83041741039"]}, PersonFault.NO_NUMBER),
        ({"serialNumber": ["PNODE-83041741039"]}, PersonFault.OTHER_NUMBER),
        ({"serialNumber": ["PNOPL-83041741038"]}, PersonFault.PESEL),
        ({"givenName": []}, PersonFault.NAMES),
        ({"surname": []}, PersonFault.NAMES),
        ({"givenName": ["Jan", "Maria"]}, PersonFault.NAMES),
        ({"surname": ["Kowalski", "Nowak"]}, PersonFault.NAMES),
        ({"givenName": [""]}, PersonFault.NAMES),
        ({"givenName": [" Jan"]}, PersonFault.NAMES),
        ({"givenName": ["Jan\n"]}, PersonFault.NAMES),
        ({"givenName": ["J\0an"]}, PersonFault.NAMES),
        ({"surname": ["-"]}, PersonFault.NAMES),
        ({"surname": ["x" * (LONGEST_NAME + 1)]}, PersonFault.NAMES),
        ({"pseudonym": ["Janek"]}, PersonFault.NAMES),
    ],
)
def test_each_must_stand_there_once_and_be_readable(changes: dict[str, list[str]], fault: PersonFault) -> None:
    assert person_of({**JAN, **changes}) is fault


def test_no_attributes_at_all() -> None:
    assert person_of({}) is PersonFault.NO_NUMBER


@given(names, names)
def test_names_are_taken_whole_or_not_at_all(first_name: str, surname: str) -> None:
    read = person_of({**JAN, "givenName": [first_name], "surname": [surname]})
    if isinstance(read, PersonFacts):
        assert (read.first_name, read.surname) == (first_name, surname)
        assert max(len(first_name), len(surname)) <= LONGEST_NAME
    else:
        assert read is PersonFault.NAMES

"""Whose person it is: laws that hold whatever names, PESELs and former ties are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.names import normalise
from poreka.rules.people.person import Fact, PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.rules.people.same_person import Judged, Verdict, contradicts, judge

OURS = PersonFacts(first_name="Agnieszka", surname="Pawlak", pesel=Pesel("79090344729"))
OTHER_PESEL = Pesel("83041741039")
first_names = st.sampled_from(["Agnieszka", "AGNIESZKA", "Agnieszka Maria", "Maria", "Zenon", "Agn", ""])
surnames = st.sampled_from(["Pawlak", "pawlak ", "Pawlak-Nowak", "Nowak", "Obcy"])
people = st.builds(
    PersonFacts, first_name=first_names, surname=surnames, pesel=st.sampled_from([OURS.pesel, OTHER_PESEL])
)


def told(**changes: str) -> PersonFacts:
    given_names = {"first_name": OURS.first_name, "surname": OURS.surname, **changes}
    return PersonFacts(pesel=OURS.pesel, **given_names)


@pytest.mark.parametrize(
    ("person", "verdict"),
    [
        (told(), Verdict.SAME),
        (told(first_name="AGNIESZKA", surname="pawlak"), Verdict.SAME),
        (told(surname="Nowak"), Verdict.UNSURE),
        (told(first_name="Agnieszka Maria"), Verdict.UNSURE),
        (told(first_name="Maria"), Verdict.OTHER),
        (told(first_name="Agn"), Verdict.OTHER),
        (told(first_name="Zenon", surname="Obcy"), Verdict.OTHER),
        (told(first_name="Agnieszka Maria", surname="Nowak"), Verdict.OTHER),
    ],
)
def test_verdicts(person: PersonFacts, verdict: Verdict) -> None:
    assert judge(person, OURS).verdict is verdict


def test_a_tie_of_before_settles_what_names_of_one_person_leave_open_and_nothing_more() -> None:
    assert judge(told(surname="Nowak"), OURS, OURS) == Judged(Verdict.SAME, (Fact.SURNAME,))
    assert judge(told(first_name="Zenon", surname="Obcy"), OURS, OURS).verdict is Verdict.OTHER
    assert judge(told(first_name="Zenon"), OURS, OURS).verdict is Verdict.OTHER


@given(people, st.none() | people)
def test_a_tie_to_another_pesel_lets_nobody_in(person: PersonFacts, ours: PersonFacts | None) -> None:
    other = PersonFacts(first_name="X", surname="Y", pesel=OTHER_PESEL if person.pesel != OTHER_PESEL else OURS.pesel)
    assert judge(person, ours, other) == Judged(Verdict.OTHER, (Fact.PESEL,))


@given(people, people, st.booleans())
def test_nobody_is_the_same_whose_pesel_or_both_of_whose_names_differ(
    person: PersonFacts, ours: PersonFacts, linked: bool
) -> None:
    judged = judge(person, ours, ours if linked and ours.pesel == person.pesel else None)
    names = [normalise(a) != normalise(b) for a, b in
             ((person.first_name, ours.first_name), (person.surname, ours.surname))]  # fmt: skip
    if person.pesel != ours.pesel or all(names):
        assert judged.verdict is Verdict.OTHER
    if judged.verdict is Verdict.SAME and judged.differing:
        assert linked
    if not any(names) and person.pesel == ours.pesel:
        assert judged == Judged(Verdict.SAME)


@given(people, people)
def test_without_a_tie_the_verdict_does_not_depend_on_who_is_told_and_who_is_known(
    one: PersonFacts, other: PersonFacts
) -> None:
    assert judge(one, other) == judge(other, one)


@given(st.text(max_size=12), st.text(max_size=8))
def test_words_that_are_no_dates_or_sexes_contradict_nothing_unless_they_look_like_one(date: str, sex: str) -> None:
    looks = len(date.partition("-")[0]) == 4 and date.partition("-")[0].isascii() and date.partition("-")[0].isdigit()
    if not looks and sex not in ("male", "female"):
        assert not contradicts(OURS.pesel, date, sex)


@pytest.mark.parametrize(
    ("birthdate", "gender", "wrong"),
    [
        ("1979-09-03", "female", False),
        ("1979", None, False),
        ("0000-09-03", None, False),
        (None, None, False),
        ("1979-09-04", None, True),
        ("1980", "female", True),
        ("0000-09-04", None, True),
        (None, "male", True),
        (None, "other", False),
    ],
)
def test_a_birth_date_and_a_sex_must_be_the_pesels(birthdate: str | None, gender: str | None, wrong: bool) -> None:
    assert contradicts(OURS.pesel, birthdate, gender) is wrong

"""The life of a trusted profile: three years to the day, no way out of an ended state, each reminder once."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from poreka.contracts.desk_words import TrustedProfileState
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.rules.warsaw_time import WARSAW
from poreka.systems.trusted_profile.rules.profile import (
    FINAL,
    REMINDERS,
    EndedBy,
    NotPossible,
    TrustedProfile,
    applied,
    as_of,
    confirm,
    end_of_validity,
    extend,
    invalidate,
    is_valid,
    last_day,
    lock,
    refuse,
    reminded,
    reminder_due,
    renamed,
    vouched,
)

FACTS = PersonFacts(first_name="Jan", surname="Kowalski", pesel=Pesel("83041741039"))
DAY = 24 * 3600


def at(text: str) -> int:
    """An instant by the clock of Poland."""
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=WARSAW).timestamp())


def test_three_years_to_the_day() -> None:
    profile = vouched(FACTS, "https://bank.example", at("2026-11-21T13:45"))
    assert last_day(profile) == datetime.date(2029, 11, 21)
    assert is_valid(profile, at("2029-11-21T23:59:59"))
    assert not is_valid(profile, at("2029-11-22T00:00"))


def test_the_29_of_february_ends_on_the_28() -> None:
    assert end_of_validity(at("2028-02-29T10:00")) == at("2031-03-01T00:00")


def test_an_application_waits_fourteen_days_and_lapses() -> None:
    application = applied(FACTS, at("2026-11-01T09:00"), 14)
    assert not is_valid(application, at("2026-11-01T09:00"))
    assert isinstance(confirm(application, at("2026-11-15T23:59")), TrustedProfile)
    late = at("2026-11-16T00:00")
    assert as_of(application, late).state is TrustedProfileState.LAPSED
    assert confirm(application, late) == NotPossible(TrustedProfileState.LAPSED)
    assert refuse(application, late) == NotPossible(TrustedProfileState.LAPSED)


def test_a_confirmed_application_is_valid_for_three_years_from_then() -> None:
    confirmed = confirm(applied(FACTS, at("2026-11-01T09:00"), 14), at("2026-11-10T09:00"))
    assert isinstance(confirmed, TrustedProfile)
    assert last_day(confirmed) == datetime.date(2029, 11, 10)


def test_an_extension_counts_from_its_day_and_keeps_everything_else() -> None:
    profile = vouched(FACTS, "https://bank.example", at("2026-11-21T13:45"))
    extended = extend(profile, at("2029-10-01T08:00"))
    assert isinstance(extended, TrustedProfile)
    assert last_day(extended) == datetime.date(2032, 10, 1)
    assert (extended.made_by, extended.facts) == (profile.made_by, profile.facts)


def test_an_expired_profile_is_not_extended() -> None:
    profile, late = vouched(FACTS, "https://bank.example", at("2026-11-21T13:45")), at("2029-11-22T00:00")
    assert extend(profile, late) == NotPossible(TrustedProfileState.EXPIRED)


def test_a_locked_profile_vouches_for_nobody_but_is_not_ended() -> None:
    now = at("2026-11-21T13:45")
    locked = lock(vouched(FACTS, "https://bank.example", now), now + 60)
    assert isinstance(locked, TrustedProfile)
    assert not is_valid(locked, now + 61)
    assert as_of(locked, now + 61).state is TrustedProfileState.VALID


def test_new_names_do_not_end_a_profile() -> None:
    now = at("2026-11-21T13:45")
    married = PersonFacts(first_name="Jan", surname="Kowalski-Nowy", pesel=FACTS.pesel)
    profile = renamed(vouched(FACTS, "https://bank.example", now), married, now + 1)
    assert isinstance(profile, TrustedProfile)
    assert profile.facts == married
    assert is_valid(profile, now + 1)


def test_of_missed_reminders_only_the_nearest_goes_out() -> None:
    profile = vouched(FACTS, "https://bank.example", at("2026-11-21T13:45"))
    late = at("2029-11-01T12:00")
    assert reminder_due(profile, late) == 30
    profile = reminded(profile, late)
    assert reminder_due(profile, late) is None
    assert reminder_due(profile, at("2029-11-13T23:59")) is None
    assert reminder_due(profile, at("2029-11-14T00:00")) == 7


def test_an_extended_profile_is_reminded_anew() -> None:
    profile = vouched(FACTS, "https://bank.example", at("2026-11-21T13:45"))
    profile = reminded(profile, at("2029-11-20T12:00"))
    assert profile.remind_at is None, "the last day's reminder was the last"
    extended = extend(profile, at("2029-11-20T13:00"))
    assert isinstance(extended, TrustedProfile)
    assert reminder_due(extended, at("2032-08-22T00:00")) == 90


moments = st.integers(min_value=at("2020-01-01T00:00"), max_value=at("2040-01-01T00:00"))
acts = st.sampled_from(
    [
        confirm,
        refuse,
        extend,
        lock,
        lambda profile, now: invalidate(profile, EndedBy.OWNER, now),
        lambda profile, now: invalidate(profile, EndedBy.DEATH, now),
        lambda profile, now: renamed(profile, FACTS, now),
    ]
)


@given(moments, st.booleans(), st.lists(st.tuples(acts, st.integers(0, 400 * DAY)), max_size=12))
def test_nothing_leads_out_of_an_ended_state(began: int, by_bank: bool, steps: list[tuple[object, int]]) -> None:
    profile = vouched(FACTS, "https://bank.example", began) if by_bank else applied(FACTS, began, 14)
    now = began
    for act, later in steps:
        now += later
        before = as_of(profile, now).state
        after = act(profile, now)  # type: ignore[operator]
        if before in FINAL:
            assert after == NotPossible(before)
        if isinstance(after, TrustedProfile):
            profile = after
        assert as_of(profile, now + 1_000 * 365 * DAY).state in FINAL, "every profile ends one day"


@given(moments, st.lists(st.integers(0, 200 * DAY), max_size=40))
def test_each_reminder_goes_out_at_most_once_and_in_order(began: int, pauses: list[int]) -> None:
    profile, now = vouched(FACTS, "https://bank.example", began), began
    out: list[int] = []
    for pause in pauses:
        now += pause
        due = reminder_due(profile, now)
        if due is not None:
            out.append(due)
            profile = reminded(profile, now)
    assert out == sorted(set(out), reverse=True)
    assert set(out) <= set(REMINDERS)


@given(moments)
def test_who_is_looked_at_every_day_is_reminded_four_times(began: int) -> None:
    profile, out = vouched(FACTS, "https://bank.example", began), []
    for now in range(profile.until - 100 * DAY, profile.until, DAY // 2):
        if (due := reminder_due(profile, now)) is not None:
            out.append(due)
            profile = reminded(profile, now)
    assert out == list(REMINDERS)


@given(moments)
def test_it_is_valid_for_three_years_of_days_whatever_the_clocks_do(now: int) -> None:
    profile = vouched(FACTS, "https://bank.example", now)
    assert 3 * 365 * DAY - DAY <= profile.until - now <= 3 * 366 * DAY + 2 * DAY
    assert is_valid(profile, profile.until - 1)
    assert not is_valid(profile, profile.until)

"""The life of a trusted profile: applied → valid → expired | invalidated; an application may lapse or be refused.

A profile made through a bank is valid at once, one by application when a clerk has confirmed it (T1). It is valid
for three years to the day, in Warsaw's calendar, and can be extended as often as wanted before they end (T2).
Nothing leads out of an ended state, and an ended profile never stands in the way of a new one: only a valid one
does (`trusted_profiles_one_valid`). Time is looked at, not waited for: `as_of` says how a stored profile stands now.
"""

import calendar
import datetime
import enum

import msgspec

from poreka.contracts.desk_words import TrustedProfileState
from poreka.rules.people.person import PersonFacts
from poreka.rules.warsaw_time import WARSAW, warsaw_day

YEARS = 3
REMINDERS = (90, 30, 7, 1)
"""Days before the end at which the owner is reminded."""


FINAL = frozenset(TrustedProfileState) - {TrustedProfileState.APPLIED, TrustedProfileState.VALID}


class EndedBy(enum.Enum):
    """Who ended a profile before its time."""

    OWNER = "owner"
    OFFICE = "office"
    DEATH = "death"
    REPLACED = "replaced"  # by a new one of the same person


class TrustedProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile as far as rules need it. `until`: for an application, to be confirmed before it; else valid before it.

    `made_by`: the issuer that vouched, or `desk`. `remind_at`: when the owner is next reminded of the end.
    `locked_at`: the owner said that somebody else used it.
    """

    facts: PersonFacts
    state: TrustedProfileState
    applied_at: int
    until: int
    made_by: str
    valid_from: int | None = None
    extended_at: int | None = None
    remind_at: int | None = None
    locked_at: int | None = None
    ended_at: int | None = None
    ended_by: EndedBy | None = None


class NotPossible(msgspec.Struct, frozen=True):
    """The profile's state does not allow it; nothing changes."""

    state: TrustedProfileState


def vouched(facts: PersonFacts, issuer: str, now: int) -> TrustedProfile:
    """A profile made through a bank or Envelo: valid at once (T1)."""
    until = end_of_validity(now)
    return TrustedProfile(
        facts=facts,
        state=TrustedProfileState.VALID,
        applied_at=now,
        valid_from=now,
        until=until,
        remind_at=_next_reminder(until, now),
        made_by=issuer,
    )


def applied(facts: PersonFacts, now: int, days: int) -> TrustedProfile:
    """An application, to be confirmed by a clerk within so many days (T1)."""
    last = warsaw_day(now) + datetime.timedelta(days=days)
    return TrustedProfile(
        facts=facts, state=TrustedProfileState.APPLIED, applied_at=now, until=_after(last), made_by="desk"
    )


def as_of(profile: TrustedProfile, now: int) -> TrustedProfile:
    """The profile as it stands now: expired or lapsed, if its time has passed meanwhile."""
    if profile.state in FINAL or now < profile.until:
        return profile
    ended = TrustedProfileState.EXPIRED if profile.state is TrustedProfileState.VALID else TrustedProfileState.LAPSED
    return msgspec.structs.replace(profile, state=ended, ended_at=profile.until)


def is_valid(profile: TrustedProfile, now: int) -> bool:
    """Whether the profile vouches for its owner now; one that was locked does not, nor one that does not do so yet."""
    valid = as_of(profile, now).state is TrustedProfileState.VALID
    return valid and profile.locked_at is None and not waits(profile, now)


def waits(profile: TrustedProfile, now: int) -> bool:
    """Whether the profile vouches only from a later moment on, so that the former owner hears of it first."""
    return profile.valid_from is not None and now < profile.valid_from


def gives_way(profile: TrustedProfile, now: int) -> bool:
    """Whether somebody proven anew may put a new profile in its place: it is locked, or does not vouch yet."""
    return profile.locked_at is not None or waits(profile, now)


def after_earlier(
    profile: TrustedProfile, *, former_phone: str | None, phone: str, now: int, hours: int
) -> TrustedProfile:
    """A new profile of somebody who had one before: it vouches at once with the former profile's phone, else later.

    The new profile's phone has just answered, so the former phone counts as the owner's agreement. Another phone may be
    a stranger's: for `hours` the profile does not vouch (`waits`), so that the owner hears of it first.
    """
    if former_phone is None or former_phone == phone:
        return profile
    return msgspec.structs.replace(profile, valid_from=now + hours * 3600)


def confirm(profile: TrustedProfile, now: int) -> TrustedProfile | NotPossible:
    """A clerk confirmed the application (T1)."""
    if as_of(profile, now).state is not TrustedProfileState.APPLIED:
        return NotPossible(as_of(profile, now).state)
    until, state = end_of_validity(now), TrustedProfileState.VALID
    remind_at = _next_reminder(until, now)
    return msgspec.structs.replace(profile, state=state, valid_from=now, until=until, remind_at=remind_at)


def refuse(profile: TrustedProfile, now: int) -> TrustedProfile | NotPossible:
    """A clerk refused the application."""
    if as_of(profile, now).state is not TrustedProfileState.APPLIED:
        return NotPossible(as_of(profile, now).state)
    return msgspec.structs.replace(profile, state=TrustedProfileState.REFUSED, ended_at=now)


def extend(profile: TrustedProfile, now: int) -> TrustedProfile | NotPossible:
    """Extend a valid profile to three years from today; `until` never moves back (T2)."""
    if as_of(profile, now).state is not TrustedProfileState.VALID:
        return NotPossible(as_of(profile, now).state)
    until = max(profile.until, end_of_validity(now))
    return msgspec.structs.replace(profile, until=until, extended_at=now, remind_at=_next_reminder(until, now))


def invalidate(profile: TrustedProfile, by: EndedBy, now: int) -> TrustedProfile | NotPossible:
    """End a profile, or withdraw an application, at once and for good (T6)."""
    if as_of(profile, now).state in FINAL:
        return NotPossible(as_of(profile, now).state)
    return msgspec.structs.replace(profile, state=TrustedProfileState.INVALIDATED, ended_at=now, ended_by=by)


def lock(profile: TrustedProfile, now: int) -> TrustedProfile | NotPossible:
    """The owner said that somebody else used the profile: it vouches no more, and a new one may take its place."""
    if as_of(profile, now).state is not TrustedProfileState.VALID:
        return NotPossible(as_of(profile, now).state)
    return msgspec.structs.replace(profile, locked_at=profile.locked_at or now)


def renamed(profile: TrustedProfile, facts: PersonFacts, now: int) -> TrustedProfile | NotPossible:
    """Take over other names or another PESEL from the population register; a valid profile stays valid."""
    if as_of(profile, now).state in FINAL:
        return NotPossible(as_of(profile, now).state)
    return msgspec.structs.replace(profile, facts=facts)


def end_of_validity(now: int) -> int:
    """The end of the day three years on; of a 29 February, the end of 28 February (Civil Code, art. 112)."""
    day = warsaw_day(now)
    last = min(day.day, calendar.monthrange(day.year + YEARS, day.month)[1])
    return _after(datetime.date(day.year + YEARS, day.month, last))


def last_day(profile: TrustedProfile) -> datetime.date:
    """The last day on which the profile is valid, or the application can be confirmed."""
    return warsaw_day(profile.until - 1)


def reminder_due(profile: TrustedProfile, now: int) -> int | None:
    """Of how many days before the end the owner is to be reminded now; None for not now.

    Where several were missed (a stopped worker, a profile that came late), only the nearest one goes out.
    """
    if as_of(profile, now).state is not TrustedProfileState.VALID or profile.remind_at is None:
        return None
    left = (last_day(profile) - warsaw_day(now)).days
    return min((days for days in REMINDERS if left <= days), default=None) if now >= profile.remind_at else None


def reminded(profile: TrustedProfile, now: int) -> TrustedProfile:
    """The profile after a reminder: `remind_at` is the next one's moment, so that none goes out twice."""
    return msgspec.structs.replace(profile, remind_at=_next_reminder(profile.until, now))


def _next_reminder(until: int, now: int) -> int | None:
    """The beginning of the first day after `now` on which a reminder is due."""
    last = warsaw_day(until - 1)
    days = (_after(last - datetime.timedelta(days=days + 1)) for days in REMINDERS)
    return min((moment for moment in days if moment > now), default=None)


def _after(day: datetime.date) -> int:
    """The first instant after a day in Poland."""
    following = day + datetime.timedelta(days=1)
    return int(datetime.datetime(following.year, following.month, following.day, tzinfo=WARSAW).timestamp())

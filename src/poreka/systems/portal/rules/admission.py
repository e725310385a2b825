"""Who may enter the portal with the facts a provider released, and what must happen first (Z3–Z6).

`admit` is the whole decision table, read from the top; the first line that fits decides. Data that differ
are refused and nothing is changed, for a *trusted* profile too: if a bank knows a new surname, the ZUS unit
must change it here first, else a mistake at one bank would rename a person. A closed profile stays closed.
Making or trusting a profile takes two factors; a plain entry later does not (P6), so a weak sign-in may
come back as `StepUp`. A refusal changes nothing, but whoever it meets because of data that nobody ever proved may end
those by an act of their own: `may_end`.
"""

import enum

import msgspec

from poreka.rules.levels import Level, reaches
from poreka.rules.people.person import Fact, PersonFacts
from poreka.rules.people.same_person import judge
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState, says_something


class Against(enum.Enum):
    """Whose record the released facts contradict."""

    PROFILE = "profile"
    REGISTER = "register"


class Register(msgspec.Struct, frozen=True):
    """No profile yet: show the registration form (Z3)."""


class Enter(msgspec.Struct, frozen=True):
    """Straight in (Z4)."""


class Upgrade(msgspec.Struct, frozen=True):
    """The untrusted profile becomes trusted, then in (Z5)."""


class AcceptTerms(msgspec.Struct, frozen=True):
    """The regulations changed: accept them first, then go on (Z4)."""

    then: Enter | Upgrade


class StepUp(msgspec.Struct, frozen=True):
    """Ask the provider again, for this level."""

    wanted: Level


class Differs(msgspec.Struct, frozen=True):
    """Refused: these facts are not the recorded ones. Names of facts, never a recorded value (Z5, Z6)."""

    facts: tuple[Fact, ...]
    against: Against


class ProfileClosed(msgspec.Struct, frozen=True):
    """Refused: the profile was closed."""


Admission = Register | Enter | Upgrade | AcceptTerms | StepUp | Differs | ProfileClosed


def admit_by_password(profile: PortalProfile, terms_version: str) -> Enter | AcceptTerms | ProfileClosed:
    """Decide about a sign-in with the portal's own password: it proves no facts, so it changes none."""
    if profile.state is ProfileState.CLOSED:
        return ProfileClosed()
    return Enter() if profile.terms_version == terms_version else AcceptTerms(Enter())


def admit(
    released: PersonFacts,
    *,
    level: Level,
    profile: PortalProfile | None,
    register_entry: PersonFacts | None,
    terms_version: str,
) -> Admission:
    """Decide about a sign-in through a provider; no `register_entry`: the register knows no such person."""
    profile = profile if profile is not None and says_something(profile) else None
    if profile is not None and profile.state is ProfileState.CLOSED:
        return ProfileClosed()
    if profile is not None and (facts := judge(released, profile.facts).differing):
        return Differs(facts, Against.PROFILE)
    if register_entry is not None and (facts := judge(released, register_entry).differing):
        return Differs(facts, Against.REGISTER)
    trusted = profile is not None and profile.state is ProfileState.TRUSTED
    if not trusted and not reaches(level, Level.SUBSTANTIAL):
        return StepUp(Level.SUBSTANTIAL)
    if profile is None:
        return Register()
    entry: Enter | Upgrade = Enter() if trusted else Upgrade()
    return entry if profile.terms_version == terms_version else AcceptTerms(entry)


def upgrades(admission: Admission) -> bool:
    """Whether the profile becomes trusted with this entry, after new regulations or at once."""
    return isinstance(admission, Upgrade) or (
        isinstance(admission, AcceptTerms) and isinstance(admission.then, Upgrade)
    )


def may_end(released: PersonFacts, profile: PortalProfile | None, register_entry: PersonFacts | None) -> bool:
    """Whether the person may end this profile, which is not theirs, by an act of their own at the level substantial.

    Nobody ever proved an untrusted profile's data; the person proved theirs, and the register does not say otherwise.
    """
    if profile is None or profile.state is not ProfileState.UNTRUSTED or profile.facts.pesel != released.pesel:
        return False
    differs = judge(released, profile.facts).differing
    return bool(differs) and not (register_entry and judge(released, register_entry).differing)

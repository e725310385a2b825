"""A profile at the portal and the states it goes through: none → untrusted → trusted → closed (Z3, Z5).

Self-registered profiles start untrusted, those made through a provider start trusted. Trust is never lost
again, and closed is the end. An untrusted profile lapses when nobody proves it in time. Who may enter with
which profile is `admission`.
"""

import enum

import msgspec

from poreka.rules.people.person import PersonFacts

DAY = 24 * 3600


class ProfileState(enum.Enum):
    """Where a profile stands; "none" is the absence of a profile."""

    UNTRUSTED = "untrusted"
    TRUSTED = "trusted"
    CLOSED = "closed"


class ClosedBy(enum.Enum):
    """Who or what closed a profile."""

    OPERATOR = "operator"
    NOT_THEIRS = "not_theirs"  # somebody proven at the level substantial said that this untrusted profile is not theirs
    LAPSED = "lapsed"  # nobody proved it in time


class PortalProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile as far as rules need it; `trusted_by` is the issuer that vouched first."""

    facts: PersonFacts
    state: ProfileState
    terms_version: str
    trusted_by: str | None = None
    trusted_at: int | None = None
    closed_at: int | None = None


class NotPossible(msgspec.Struct, frozen=True):
    """The profile's state does not allow it; nothing changes."""

    state: ProfileState


def trust(profile: PortalProfile, by: str, now: int) -> PortalProfile | NotPossible:
    """An untrusted profile becomes trusted, once (Z5)."""
    if profile.state is not ProfileState.UNTRUSTED:
        return NotPossible(profile.state)
    return msgspec.structs.replace(profile, state=ProfileState.TRUSTED, trusted_by=by, trusted_at=now)


def says_something(profile: PortalProfile) -> bool:
    """Whether a profile says anything of the person whose PESEL it has: one that ended unproven does not."""
    return profile.state is not ProfileState.CLOSED or profile.trusted_at is not None


def has_lapsed(profile: PortalProfile, created_at: int, days: int, now: int) -> bool:
    """Whether the time in which an untrusted profile had to be proven is over."""
    return profile.state is ProfileState.UNTRUSTED and now >= created_at + days * DAY


def close(profile: PortalProfile, now: int) -> PortalProfile | NotPossible:
    """Close a profile for good."""
    if profile.state is ProfileState.CLOSED:
        return NotPossible(profile.state)
    return msgspec.structs.replace(profile, state=ProfileState.CLOSED, closed_at=now)

"""Acts of the office on a valid trusted profile: one clerk proposes, another one decides (four eyes).

open → approved | rejected | lapsed; nothing leads out of the last three. Until the decision nothing changes at the
profile. Neither clerk may be concerned by the act: not as the owner, and not as the person whom a change would make
the owner. Two sign-ins of one person are one clerk. Who is who is told by the blind index of a PESEL (`Clerk.person`),
so that no rule needs the number itself.
"""

import enum

import msgspec

from poreka.contracts.desk_words import Act, ProposalState
from poreka.systems.trusted_profile.rules.profile import EndedBy

DAY = 24 * 3600


ENDS: dict[Act, EndedBy] = {Act.INVALIDATION: EndedBy.OFFICE, Act.DEATH: EndedBy.DEATH}
"""The acts that end a profile, and as what."""


class Clerk(msgspec.Struct, frozen=True, kw_only=True):
    """A clerk as rules need one: the sign-in (`id`, with its desk) and who that is (`person`)."""

    id: str
    person: bytes


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal; `concerns`: the owner, and whoever a change would make the owner."""

    act: Act
    concerns: frozenset[bytes]
    by: Clerk
    proposed_at: int
    until: int
    state: ProposalState = ProposalState.OPEN
    decided_by: Clerk | None = None
    decided_at: int | None = None


class NotForThisClerk(enum.Enum):
    """Why this clerk may not: somebody else can."""

    OWN = "own"  # the act concerns the clerk
    SAME = "same"  # who proposed does not decide


class NotOpen(msgspec.Struct, frozen=True):
    """The proposal had its end before."""

    state: ProposalState


def propose(act: Act, concerns: frozenset[bytes], by: Clerk, now: int, days: int) -> Proposal | NotForThisClerk:
    """A new proposal, open for so many days."""
    if by.person in concerns:
        return NotForThisClerk.OWN
    return Proposal(act=act, concerns=concerns, by=by, proposed_at=now, until=now + days * DAY)


def as_of(proposal: Proposal, now: int) -> Proposal:
    """The proposal as it stands now: lapsed, if its time has passed meanwhile."""
    if proposal.state is not ProposalState.OPEN or now < proposal.until:
        return proposal
    return msgspec.structs.replace(proposal, state=ProposalState.LAPSED, decided_at=proposal.until)


def approve(proposal: Proposal, by: Clerk, now: int) -> Proposal | NotForThisClerk | NotOpen:
    """Another clerk says yes."""
    return _decide(proposal, by, ProposalState.APPROVED, now)


def reject(proposal: Proposal, by: Clerk, now: int) -> Proposal | NotForThisClerk | NotOpen:
    """Another clerk says no."""
    return _decide(proposal, by, ProposalState.REJECTED, now)


def is_same(one: Clerk, other: Clerk) -> bool:
    """Whether two sign-ins are one clerk: the same sign-in, or the same person."""
    return one.id == other.id or one.person == other.person


def _decide(proposal: Proposal, by: Clerk, state: ProposalState, now: int) -> Proposal | NotForThisClerk | NotOpen:
    stands = as_of(proposal, now).state
    if stands is not ProposalState.OPEN:
        return NotOpen(stands)
    if by.person in proposal.concerns:
        return NotForThisClerk.OWN
    if is_same(by, proposal.by):
        return NotForThisClerk.SAME
    return msgspec.structs.replace(proposal, state=state, decided_by=by, decided_at=now)

"""The words that a desk and the trusted profile name to one another: states, acts and reasons.

They stand in the documents of `desk.py`; what the trusted profile makes of them is in
`systems/trusted_profile/rules`: `profile`, `proposal`.
"""

import enum


class TrustedProfileState(enum.Enum):
    """Where a profile stands."""

    APPLIED = "applied"
    VALID = "valid"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    LAPSED = "lapsed"  # an application that nobody confirmed in time
    REFUSED = "refused"  # an application that a clerk refused


class Act(enum.Enum):
    """What is proposed."""

    INVALIDATION = "invalidation"
    DEATH = "death"
    CHANGE = "change"  # other names or another PESEL, from the population register


class Reason(enum.Enum):
    """Why an office invalidates a profile."""

    OWNER_ASKED = "owner_asked"
    MADE_WRONGLY = "made_wrongly"  # confirmed for somebody else, or with data that were not theirs
    MISUSED = "misused"
    RULING = "ruling"  # of a court or an authority


class ProposalState(enum.Enum):
    """Where a proposal stands."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"

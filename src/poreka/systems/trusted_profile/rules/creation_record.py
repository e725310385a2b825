"""A trusted profile in the making, as the store keeps it, sealed: the state, who vouched, what was typed.

Written by the flow to which a provider sends the person back, and read by the flow that makes the profile.
"""

import msgspec

from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.people.person import PersonFacts
from poreka.systems.trusted_profile.rules.creation import CreationState

KIND = "profile_creation"
LIFE = 30 * 60


class VouchedBy(Discreet, frozen=True, kw_only=True):
    """Who vouches for the person, and the provider's session on which ours will rest."""

    provider: str
    issuer: str
    subject: str
    provider_sid: str | None
    id_token: str
    auth_time: int = 0  # when the person signed in there
    amr: tuple[str, ...] = ()
    told_at: int = 0  # when it was said: a word that waited too long is asked for again


class CreationRecord(Discreet, frozen=True, kw_only=True):
    """One profile in the making; `made_name` is its user name once it is made; `application`: a clerk confirms it.

    `names_tried` counts user names that were taken. `next`: the page of ours that the person was on the way to."""

    state: CreationState
    application: bool = False
    vouched: VouchedBy | None = None
    facts: PersonFacts | None = None
    phone: str = ""
    email: str = ""
    next: str = "/profile"
    names_tried: int = 0
    made_name: str = ""
    vouches_from: int | None = None  # of what was made, where that is later


def written(record: CreationRecord) -> bytes:
    """The record as the store keeps it."""
    return msgspec.json.encode(record)


def read(state: bytes) -> CreationRecord:
    """The record that was stored."""
    return msgspec.json.decode(state, type=CreationRecord)

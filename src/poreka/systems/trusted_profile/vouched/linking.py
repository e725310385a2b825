"""A bank's word that waits for the owner's tool, because it names the owner with another surname (T3, T4).

It is an own operation without a session, in the browser that came back from the bank, for as long as the word holds;
it rests on the bank's session like a session of ours. The answer: `systems/trusted_profile/operation/deeds.py`.
"""

import msgspec
from starlette.requests import Request

from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.anothers_word import WORD_LIFE
from poreka.store.journeys import Journey
from poreka.systems.trusted_profile.operation.wanted import LINK, OwnOperation, wanted_operation
from poreka.systems.trusted_profile.rules.creation_record import VouchedBy
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem

WORD = "word"


class Word(Discreet, frozen=True, kw_only=True):
    """What was said, and the release that a new sign-in was asked for, if one was."""

    by: VouchedBy
    release: str


def linking(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile, word: Word, then: str) -> Journey:
    """The journey, to be kept with its row of `federated_sessions`."""
    values = {WORD: msgspec.json.encode(word).decode()}
    return wanted_operation(request, pz, LINK, owned.id, values=values, then=then, life=WORD_LIFE)


def read_word(wanted: OwnOperation) -> Word:
    """The word that waits in it."""
    return msgspec.json.decode(wanted.values[WORD], type=Word)

"""What is kept of an entry under way besides its state: who comes in, and how we know.

It is JSON in the store, sealed, because it holds the released facts and the ID Token. When the entry has
ended, `without_person` forgets them: the page that says how it ended needs the state alone.
"""

import msgspec

from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.levels import CERTIFICATE, Level
from poreka.rules.people.person import PersonFacts
from poreka.systems.portal.rules.entry import EntryState

ENTRY_LIFE = 30 * 60
"""Seconds from signing in until the form or the regulations must be answered."""

KIND = "entry"
"""The kind of these journeys in the store."""


class ByProvider(Discreet, frozen=True, kw_only=True, tag="provider"):
    """A person a provider vouched for; `provider` is the provider's key in our settings."""

    provider: str
    issuer: str
    subject: str
    provider_sid: str | None
    id_token: str
    auth_time: int
    acr: str
    level: Level
    facts: PersonFacts
    told_at: int = 0  # when it was said

    def is_same_as(self, other: "ByProvider") -> bool:
        """Whether the provider says the same of the same person as before."""
        mine, theirs = (self.issuer, self.subject, self.facts), (other.issuer, other.subject, other.facts)
        return mine == theirs


class ByCertificate(Discreet, frozen=True, kw_only=True, tag="certificate"):
    """A person who proved to hold a qualified certificate; its SHA-256 and the authority are the evidence.

    It vouches as a provider does, at the highest level, and nobody has to be asked for more.
    """

    facts: PersonFacts
    thumbprint: str
    authority: str
    auth_time: int

    @property
    def told_at(self) -> int:
        """When it was shown."""
        return self.auth_time

    @property
    def issuer(self) -> str:
        """Stands where a provider's issuer would."""
        return CERTIFICATE

    @property
    def level(self) -> Level:
        """2015/1502, annex 2.2.1: the certificate's key is on a device that only its holder can use."""
        return Level.HIGH

    @property
    def acr(self) -> str:
        """The level by its name."""
        return self.level.acr


class ByPassword(Discreet, frozen=True, kw_only=True, tag="password"):
    """The owner of a profile who gave its login and password; `password_hash` is the one that was right then.

    A password that was changed or taken away since proves nothing: `systems/portal/entry/deciding.py` compares.
    """

    profile_id: str
    password_hash: str


class ByPasskey(Discreet, frozen=True, kw_only=True, tag="passkey"):
    """The owner of a profile who used an own passkey, by its row; one that ended since proves nothing."""

    profile_id: str
    passkey: str


WithFacts = ByProvider | ByCertificate
"""Who comes with facts: a first entry, an upgrade and the comparison of data are theirs."""
ByOwnMeans = ByPassword | ByPasskey
"""Who comes with what the portal itself gave out: it proves no facts, so it changes none."""
Person = WithFacts | ByOwnMeans


class EntryRecord(Discreet, frozen=True, kw_only=True):
    """One entry; `target` is an address on our own origin to come to in the end, None for the panel. `typed`: what
    waits in the form while the provider is asked again."""

    state: EntryState
    person: Person | None
    target: str | None = None
    typed: dict[str, str] | None = None


def without_person(record: EntryRecord, state: EntryState) -> EntryRecord:
    """The record of an entry that ended in `state`."""
    return msgspec.structs.replace(record, state=state, person=None, typed=None)


def written(record: EntryRecord) -> bytes:
    """The record as the store keeps it, to be sealed."""
    return msgspec.json.encode(record)


def read(written_record: bytes) -> EntryRecord:
    """The record as it was written."""
    return msgspec.json.decode(written_record, type=EntryRecord)

"""The consent rule: when does a consent still hold, and when must the person be asked again? (P6, P7)

`recall` is the whole rule. A consent is the customer's order to pass data on (Banking Law art. 104) and the
proof of it (GDPR art. 7(1)): who receives it, which text, which data, when, authorised by which operation.
It is written only after that operation was authorised (P4), never before. Withdrawing is as easy as giving
(GDPR art. 7(3)), and a withdrawn consent is kept as history.
"""

import enum

import msgspec

from poreka.rules.levels import Level, reaches
from poreka.rules.people.person import Fact


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A consent on record; `level` is the assurance at which it was given.

    `text_hash` names the words that were shown (`consent_text.text_hash`), `language` the one they were read in.
    """

    service: str
    text_version: str
    text_hash: str | None = None
    language: str | None = None
    facts: tuple[Fact, ...]
    given_at: int
    operation_id: str
    level: Level
    withdrawn_at: int | None = None


class AskedFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a service asks for now, and what the bank's policy for it is. `text_hashes` name the words that count now
    for `worded_facts`."""

    service: str
    text_version: str
    text_hashes: frozenset[str]
    facts: tuple[Fact, ...]
    level: Level
    every_time: bool = False


class WhyNeeded(enum.Enum):
    """Why the person must be asked."""

    NONE_GIVEN = "none_given"
    WITHDRAWN = "withdrawn"
    EVERY_TIME = "every_time"
    TEXT_CHANGED = "text_changed"
    DATA_CHANGED = "data_changed"
    HIGHER_LEVEL = "higher_level"


class Remembered(msgspec.Struct, frozen=True):
    """The consent holds: no question and no code, unless the session itself is too weak."""

    consent: Consent


class Needed(msgspec.Struct, frozen=True):
    """The person must be asked, and must authorise the answer with a code."""

    reason: WhyNeeded


def recall(consent: Consent | None, asked: AskedFacts) -> Remembered | Needed:
    """Decide P6. Anything that the person did not agree to asks again; less than they agreed to does not. So do any
    other words, whatever their version says: another name, purpose or sentence. A consent of the time before words were
    kept names none, and goes by its version."""
    if consent is None or consent.service != asked.service:
        return Needed(WhyNeeded.NONE_GIVEN)
    if consent.withdrawn_at is not None:
        return Needed(WhyNeeded.WITHDRAWN)
    if asked.every_time:
        return Needed(WhyNeeded.EVERY_TIME)
    if consent.text_version != asked.text_version:
        return Needed(WhyNeeded.TEXT_CHANGED)
    if not set(asked.facts) <= set(consent.facts):
        return Needed(WhyNeeded.DATA_CHANGED)
    if consent.text_hash is not None and consent.text_hash not in asked.text_hashes:
        return Needed(WhyNeeded.TEXT_CHANGED)
    if not reaches(consent.level, asked.level):
        return Needed(WhyNeeded.HIGHER_LEVEL)
    return Remembered(consent)


def worded_facts(consent: Consent | None, asked: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The facts whose words are compared: those that were agreed to, where they hold all that is asked; else those."""
    return consent.facts if consent is not None and set(asked) <= set(consent.facts) else asked

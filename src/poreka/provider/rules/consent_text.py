"""The words of a consent by version, and what is new in them since a person agreed (P2, P6, P7).

A `ConsentText` is one text exactly as people are shown it, in both languages, for one service and one set of facts.
The store keeps it under `text_hash` beside the consent, so that the page can show word for word what a person agreed
to, whatever has become of settings, names and software. `consent.recall` decides when consent is asked for again.
"""

import datetime
import difflib
import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

import msgspec

from poreka.provider.rules.consent import Consent
from poreka.rules.grammatical_case import CASES, asked_for
from poreka.rules.people.person import Fact

NAMES = ("provider", "service", "giver", "receiver")
"""Placeholders of institutions' names: a text may ask for each in a case, such as `{service:genitive}`."""
PLACEHOLDERS = (*NAMES, "data")
MOST_BYTES = 6000
"""The most bytes of one language's words in UTF-8: a signed receipt holds them and must stay readable."""

_encode = msgspec.json.Encoder(order="deterministic").encode


class ConsentText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text as shown. `name`, `purpose` and `sentences` are by language; the first sentence stands at the box.

    `sector` is that of the service's pairwise subjects, so that a receipt can name the person as the service does.
    `giver` and `receiver` are the legal names of provider and service, where they are known; `omit_defaults` keeps the
    hash of a text without them as it was before these fields existed.
    """

    version: str
    service: str
    sector: str
    name: dict[str, str]
    facts: tuple[Fact, ...]
    purpose: dict[str, str]
    sentences: dict[str, tuple[str, ...]]
    giver: str = ""
    receiver: str = ""

    def lines(self, language: str) -> tuple[str, ...]:
        """The service's name, the purpose and all sentences: what two texts are compared by."""
        return (self.name[language], self.purpose[language], *self.sentences[language])


class Dated(Protocol):
    """A text with the day from which it counts."""

    @property
    def valid_from(self) -> datetime.date: ...


class Changed(msgspec.Struct, frozen=True):
    """Sentences that took the place of others; either side may be empty."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class WhatIsNew(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from the consent in force; `sentences` is None where the earlier words were not kept."""

    since: int
    version_before: str
    version_now: str
    added: tuple[Fact, ...]
    removed: tuple[Fact, ...]
    sentences: tuple[Changed, ...] | None


T = TypeVar("T", bound=Dated)


def in_force(texts: Iterable[T], today: datetime.date) -> T | None:
    """The text in force on a day: the one with the latest `valid_from` that is not after it; None before the first."""
    begun = [text for text in texts if text.valid_from <= today]
    return max(begun, key=lambda text: text.valid_from, default=None)


def text_hash(text: ConsentText) -> str:
    """The name of a text: SHA-256 in hexadecimal. Two texts that differ in anything have different names."""
    return hashlib.sha256(_encode(text)).hexdigest()


def text_fault(sentences: Sequence[str]) -> str | None:
    """Why an operator's words cannot be a consent's text, None where they can; settings call it at the start.

    The first sentence stands beside the box, so it must name the service and the data (P2).
    """
    if not sentences or not all(sentence.strip() for sentence in sentences):
        return "must have sentences, none of them empty"
    if sum(len(sentence.encode()) for sentence in sentences) > MOST_BYTES:
        return f"must be at most {MOST_BYTES} bytes long"
    for sentence in sentences:
        if fault := _sentence_fault(sentence):
            return fault
    if not {"service", "data"} <= {name for name, _ in asked_for(sentences[0]) or ()}:
        return "must name {service} and {data} in the first sentence, which stands beside the box"
    return None


def what_is_new(
    consent: Consent, agreed: tuple[str, ...] | None, now: tuple[str, ...], version: str, facts: tuple[Fact, ...]
) -> WhatIsNew | None:
    """What changed since a consent was given; None where nothing did.

    `agreed` are the lines that were agreed to, None where they were not kept; `now` are those of today's text *for the
    same facts*, so that words differ only where somebody changed words. Facts are compared by themselves.
    """
    added = tuple(fact for fact in facts if fact not in consent.facts)
    removed = tuple(fact for fact in consent.facts if fact not in facts)
    words = None if agreed is None else changes(agreed, now)
    if consent.text_version == version:
        words = words or ()
        if not words and not added and not removed:
            return None
    return WhatIsNew(
        since=consent.given_at,
        version_before=consent.text_version,
        version_now=version,
        added=added,
        removed=removed,
        sentences=words,
    )


def changes(before: Sequence[str], after: Sequence[str]) -> tuple[Changed, ...]:
    """Where two texts differ, in order, sentence by sentence."""
    steps = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(Changed(tuple(before[a:b]), tuple(after[c:d])) for kind, a, b, c, d in steps if kind != "equal")


def _sentence_fault(sentence: str) -> str | None:
    """Why a sentence cannot be filled in: a stray brace, an unknown placeholder or an unknown case; else None."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    placeholders = asked_for(sentence)
    if placeholders is None:
        return f"may have the placeholders {known}, and no other brace: {sentence!r:.60}"
    for name, case in placeholders:
        if name not in PLACEHOLDERS:
            return f"asks for {{{name:.40}}}; it may have the placeholders {known}, and no other brace"
        if case and (name not in NAMES or case not in CASES):
            return (
                f"asks for {{{name}:{case:.20}}}; the cases are {', '.join(CASES)}, of the names "
                f"{', '.join(f'{{{one}}}' for one in NAMES)}"
            )
    return None

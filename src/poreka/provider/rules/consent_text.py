"""The words of a consent by version, and what is new in them since a person agreed (P2, P6, P7).

A `ConsentText` is one text exactly as people are shown it, in both languages, for one service and one set of
facts. It is named by its hash and kept with the consent, so what was agreed to can be shown again word for word
whatever became of settings, names and software. When a consent must be asked for again is `consent.recall`.
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
"""Of one language's words in UTF-8: a signed receipt holds them and must stay short enough to be read."""

_encode = msgspec.json.Encoder(order="deterministic").encode


class ConsentText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text as shown. `name`, `purpose` and `sentences` are by language; the first sentence stands at the box.

    `sector` is that of the service's pairwise subjects, so that a receipt can name the person as the service does.
    `giver` and `receiver` are the legal names of both, where they are known; a text without them has the hash that it
    had before there were any.
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
    """The text that counts on a day; None while none of them does yet."""
    begun = [text for text in texts if text.valid_from <= today]
    return max(begun, key=lambda text: text.valid_from, default=None)


def text_hash(text: ConsentText) -> str:
    """The name of a text: SHA-256 in hexadecimal. Two texts that differ in anything have different names."""
    return hashlib.sha256(_encode(text)).hexdigest()


def text_fault(sentences: Sequence[str]) -> str | None:
    """Why an operator's words cannot be a consent's text; the first sentence must name whom and what (P2)."""
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
    """What changed since a consent was given; None when nothing did, as far as is known.

    `agreed` are the lines it was given to, `now` those of today's text *for the same facts*: what is compared are
    the words, and the facts by themselves.
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
    """Why a sentence cannot be filled in: a brace, a placeholder or a case that there is not."""
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    wanted = asked_for(sentence)
    if wanted is None:
        return f"may have the placeholders {known}, and no other brace: {sentence!r:.60}"
    for name, case in wanted:
        if name not in PLACEHOLDERS:
            return f"asks for {{{name:.40}}}; it may have the placeholders {known}, and no other brace"
        if case and (name not in NAMES or case not in CASES):
            return (
                f"asks for {{{name}:{case:.20}}}; the cases are {', '.join(CASES)}, of the names "
                f"{', '.join(f'{{{one}}}' for one in NAMES)}"
            )
    return None

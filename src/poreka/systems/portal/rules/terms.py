"""The portal's regulations and the three boxes beside them (Z3, Z4).

Terms bind only whom they were made available to before (Act of 18 July 2002 on electronic services, art.
8), so an acceptance names the version that was on the page. A new version is accepted anew, with its boxes
again. The third box is a free choice: leaving it empty is no fault.
"""

import enum
from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec


class TermsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the form sent back; `version` is the one the person had before their eyes."""

    version: str
    regulations: bool
    contact_data: bool
    electronic_information: bool


class TermsFault(enum.Enum):
    """Why an answer is no acceptance."""

    VERSION_CHANGED = "version_changed"
    REGULATIONS_NEEDED = "regulations_needed"
    CONTACT_DATA_NEEDED = "contact_data_needed"


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """The record of what was accepted, and when."""

    version: str
    electronic_information: bool
    accepted_at: int


class NotAccepted(msgspec.Struct, frozen=True):
    """What is missing, in the order of the page; nothing changes."""

    faults: tuple[TermsFault, ...]


class OfVersion(Protocol):
    """What belongs to one version of the regulations."""

    @property
    def version(self) -> str: ...


V = TypeVar("V", bound=OfVersion)


def changes_since(accepted: str, changes: Sequence[V]) -> tuple[V, ...]:
    """What is new to somebody who accepted a version, out of the changes of each version, oldest first: those of every
    version after it. Who accepted one that is not among them is told of all."""
    places = [place for place, one in enumerate(changes) if one.version == accepted]
    return tuple(changes[places[0] + 1 :] if places else changes)


def accept_terms(answer: TermsAnswer, current_version: str, now: int) -> Acceptance | NotAccepted:
    """Decide whether an answer accepts the regulations in force."""
    kept = {
        TermsFault.VERSION_CHANGED: answer.version == current_version,
        TermsFault.REGULATIONS_NEEDED: answer.regulations,
        TermsFault.CONTACT_DATA_NEEDED: answer.contact_data,
    }
    faults = tuple(fault for fault, fine in kept.items() if not fine)
    if faults:
        return NotAccepted(faults)
    return Acceptance(version=answer.version, electronic_information=answer.electronic_information, accepted_at=now)

"""What a clerk checks before an application for a trusted profile is confirmed, and why one is refused (T1).

The person is there, or speaks in the office's own video system; the clerk compares the person with the photograph in
a document, and the document with the application. Neither comparison may be left out. The call itself is not ours:
what is kept of it is its reference there, so that the two records can be laid side by side.
"""

import enum

import msgspec

from poreka.shown_words import is_fit_to_show

LONGEST_CALL = 64
LONGEST_NOTE = 500


class Way(enum.Enum):
    """Where the clerk meets the person."""

    OFFICE = "office"
    VIDEO = "video"


class Document(enum.Enum):
    """The kind of document that was seen; its number is not kept."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"


class RefusalReason(enum.Enum):
    """Why an application is refused; the applicant is told it in these words."""

    DATA_DIFFER = "data_differ"
    PHOTO_DIFFERS = "photo_differs"
    DOCUMENT_NOT_VALID = "document_not_valid"
    NOT_SEEN = "not_seen"  # the person did not come, or the call did not come about
    WITHDRAWN = "withdrawn"  # the person wants no profile any more


class IdentityCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was checked; `call`: a video call's reference in the office's own system."""

    way: Way
    document: Document
    photo_fits: bool
    data_agree: bool
    call: str = ""


class CheckFault(enum.Enum):
    """What is missing for a confirmation; the value is the field's name."""

    PHOTO = "photo_fits"
    DATA = "data_agree"
    CALL = "call"


def faults_of(check: IdentityCheck) -> tuple[CheckFault, ...]:
    """What keeps a check from confirming anything; nothing for a full one."""
    good = {
        CheckFault.PHOTO: check.photo_fits,
        CheckFault.DATA: check.data_agree,
        CheckFault.CALL: _call_is_named(check),
    }
    return tuple(fault for fault, fine in good.items() if not fine)


def _call_is_named(check: IdentityCheck) -> bool:
    """A call has a reference, and a visit to the office has none."""
    if check.way is Way.OFFICE:
        return not check.call
    return is_fit_to_show(check.call.strip(), LONGEST_CALL)

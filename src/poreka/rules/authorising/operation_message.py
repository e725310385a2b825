"""The SMS of an operation: `DD-MM-RRRR GG:MM; what for; Kod SMS nr X: YYYYYY` (P3).

X is the operation's number and the date is the operation's date: what the page shows, and what the person
is asked to compare (P10). A code sent again keeps both; its time tells it from the older one. No link and
no name stand in it, and it is Polish whatever the language of the page, as the pattern is what people know.
With a short purpose it fits into one SMS of 70 characters, whatever letters it has.

Where something is signed the code comes before the words of the document: these hold longer numbers, and a phone that
offers the code by itself takes the first. A last line `@domain #code` binds the code to a domain, where it is wished
for: https://wicg.github.io/sms-one-time-codes/.
"""

import datetime

from poreka.rules.authorising.operation import Operation
from poreka.rules.authorising.operation_code import Code
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.warsaw_time import warsaw_day, warsaw_moment


def sign_in_purpose(service: str, message: str = "") -> str:
    """What an operation is for that signs in to a service, whose name stands in the genitive; `message` is what the
    service says about it."""
    return f"Logowanie do {service}{f': {_one_part(message)}' if message else ''}"


def signing_purpose(summary: str) -> str:
    """What an operation is for that signs a document (T7): that it is a signature, and of what."""
    return f"Podpis: {_one_part(summary)}"


def _one_part(words: str) -> str:
    """A relying party's words must not look like a part of the message that is ours."""
    return words.replace(";", ",")


def sms_text(operation: Operation, code: Code, now: int, domain: str = "") -> str:
    """The whole message, bound to a domain if there is one.

    For a code sent again after midnight it carries the moment the operation began: another date than the one on the
    page would look like fraud.
    """
    moment = warsaw_moment(now if warsaw_day(now) == operation.date else operation.issued_at)
    what = operation.purpose + document_in_words(operation.document)
    given = f"Kod SMS nr {operation.number}: {code}"
    parts = (given, what) if operation.document else (what, given)
    bound = f"\n@{domain} #{code}" if domain else ""
    return "; ".join((sms_moment(moment), *parts)) + bound


def sms_date(day: datetime.date) -> str:
    """An operation's date as its SMS has it, for every page that is compared with one."""
    return f"{day:%d-%m-%Y}"


def sms_moment(moment: datetime.datetime) -> str:
    """A moment as the SMS of an operation has it."""
    return f"{sms_date(moment)} {moment:%H:%M}"


def document_in_words(document: ShownDocument | None) -> str:
    """The name of a document that is signed, and the beginning of its hash, after what it is; empty for none."""
    return f", plik {_one_part(document.name)}, skrót {document.short_hash}" if document else ""

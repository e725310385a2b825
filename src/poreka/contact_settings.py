"""The table `[contact]` of a settings file: how people reach whoever runs the system, for its page of help.

Part of `settings.py`, which reads the file. A provider's hotline stands in its own table, because messages name it too.
"""

import datetime
from collections.abc import Iterator

import msgspec

from poreka.rules.contact import EmailFault, read_email


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each may be left out; what is there is shown on the page of help and in the accessibility statement."""

    phone: str = ""  # where there is no hotline in the system's own table
    email: str = ""  # also takes what people report from the page about accessibility
    address: str = ""
    hours_pl: str = ""  # when somebody answers the telephone
    hours_en: str = ""
    published: datetime.date | None = None  # since when the system is offered, for the accessibility statement


def contact_faults(contact: Contact) -> Iterator[str]:
    """What the types cannot say, as `key: what is wrong`."""
    if contact.email and isinstance(read_email(contact.email), EmailFault):
        yield "contact.email: must be an e-mail address"
    if contact.phone and sum(character.isdigit() for character in contact.phone) < 7:
        yield "contact.phone: must be a telephone number"
    if bool(contact.hours_pl) != bool(contact.hours_en):
        yield "contact.hours_pl: goes together with contact.hours_en"

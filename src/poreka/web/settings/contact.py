"""How people reach whoever runs a system: the table `[contact]`, hotlines, and the institution's own pages that help.

`poreka/settings.py` reads the file. A provider's hotlines stand in its own table, because messages name them
too. On pages: `web/contact.py`, `provider/pages/hotlines.py` and `provider/release/ways_on.py`.
"""

import datetime
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from poreka.rules.people.contact import EmailFault, read_email

Telephone = Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]( ?[0-9]){2,15}$")]
"""A number as people read it, in groups if you like: "800 121 121"."""


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


class HelpLinks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The institution's own pages, where somebody goes on whom it cannot vouch for yet; empty where there is none."""

    branches: str = ""  # where its branches are, and when they are open
    open_account: str = ""  # how an account is opened
    activate_sms: str = ""  # how a phone number is given and codes by SMS are activated


def link_faults(links: HelpLinks) -> list[str]:
    """What is wrong with them; only pages of this machine, as the demonstration's, are read without encryption."""
    faults = []
    for name, address in msgspec.structs.asdict(links).items():
        parts = urlsplit(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and (parts.hostname or "").endswith("localhost"))
        if address and not (safe and parts.netloc and address.isprintable() and " " not in address):
            faults.append(f"bank.links.{name}: must be a whole https address")
    return faults

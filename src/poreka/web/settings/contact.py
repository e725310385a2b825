"""How people reach whoever runs a system: the table `[contact]`, hotlines, and the institution's own pages that help.

`poreka/settings.py` reads the file. A provider's hotlines stand in its own table, because messages name them
too. On pages: `web/contact.py`, `provider/pages/hotlines.py` and `provider/release/ways_on.py`.
"""

import datetime
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

    def __post_init__(self) -> None:
        if self.email and isinstance(read_email(self.email), EmailFault):
            raise ValueError("contact.email: must be an e-mail address")
        if self.phone and sum(character.isdigit() for character in self.phone) < 7:
            raise ValueError("contact.phone: must be a telephone number")
        if bool(self.hours_pl) != bool(self.hours_en):
            raise ValueError("contact.hours_pl: goes together with contact.hours_en")


class HelpLinks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The institution's own pages, where somebody goes on whom it cannot vouch for yet; empty where there is none."""

    branches: str = ""  # where its branches are, and when they are open
    open_account: str = ""  # how an account is opened
    activate_sms: str = ""  # how a phone number is given and codes by SMS are activated

    def __post_init__(self) -> None:
        for name, address in msgspec.structs.asdict(self).items():
            if address and not _is_page(address):
                raise ValueError(f"bank.links.{name}: must be a whole https address")


def _is_page(address: str) -> bool:
    """Whether an address is whole; only pages of this machine, as the demonstration's, are read without encryption."""
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and (parts.hostname or "").endswith("localhost"))
    return safe and bool(parts.netloc) and address.isprintable() and " " not in address

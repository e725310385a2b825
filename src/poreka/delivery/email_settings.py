"""The table `[email]` of a settings file: how e-mail leaves.

`poreka/settings.py` reads the file. Read next: `smtp.py`, which sends by it.
"""

import re
from typing import Literal

import msgspec

from poreka.rules.people.contact import EmailFault, read_email


class Email(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How e-mail leaves; `demo_phone` is the demonstration's inbox and needs `demo = true`."""

    sender: Literal["demo_phone", "smtp"] = "demo_phone"
    host: str = ""
    port: int = 587  # 465 is usual for tls
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""  # left out: the server is not signed in to
    password_file: str = ""  # one line, readable by its owner only; a relative path leads from the settings file
    from_address: str = ""  # stands beside the system's name; what cannot be delivered comes back to it

    def __post_init__(self) -> None:
        if self.sender != "smtp":
            return
        if not re.fullmatch(r"[A-Za-z0-9.-]+", self.host):
            raise ValueError("email.host: must be the name of the mail server, without a port")
        if not 0 < self.port < 65536:
            raise ValueError("email.port: must be a number from 1 to 65535")
        if bool(self.username) != bool(self.password_file):
            raise ValueError("email.username: goes together with email.password_file")
        if not self.username.isascii():
            raise ValueError("email.username: must be ASCII text")
        if isinstance(read_email(self.from_address), EmailFault):
            raise ValueError("email.from_address: must be an address like name@domain.pl")

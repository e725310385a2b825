"""A desk's settings file: the table `[desk]` beside what all have; clerks confirm trusted profiles there.

What is built of it: `build.py`. Which desks the trusted profile believes is said in its own settings.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

import msgspec

from poreka.web.settings.every_kind import CommonSettings, Table, near_hosts
from poreka.web.settings.kind import RELYING_PARTIES_SIGN, Kind

CASE = "{case}"

KIND = Kind(
    name="desk",
    parts=("shared", "desk"),
    algorithms=RELYING_PARTIES_SIGN,
    build="poreka.systems.desk.build:build_desk",
    events=("poreka.systems.desk.events",),
    demo=("clerk",),
)


class DeskTable(Table, frozen=True, kw_only=True):
    """A desk: clerks sign in with a key, and decide about what waits at the trusted profile."""

    office: str  # whose clerks these are
    address: str = ""  # the office's postal address
    trusted_profile: str  # origin of the trusted profile
    token_file: str  # one line, at least 32 characters: with it we prove ourselves there
    client_id: str = ""  # as what we are registered there, to ask owners in the app; left out: nobody is asked
    pings: bool = False  # it tells us when an owner answered: we are registered there for `ping`, not `poll`
    seconds: Annotated[int, msgspec.Meta(ge=1, le=30)] = 5  # how long an answer is waited for
    video: str = ""  # the office's own video system; {case} stands for the number; without it, no video calls
    link_minutes: Annotated[int, msgspec.Meta(ge=5, le=1440)] = 60  # for registering a key

    def __post_init__(self) -> None:
        if self.video and (not self.video.startswith("https://") or CASE not in self.video):
            raise ValueError("desk.video: must be an https address in which {case} stands for the number")


class DeskSettings(CommonSettings, frozen=True, kw_only=True):
    """A desk's settings file."""

    KIND: ClassVar[Kind] = KIND

    desk: DeskTable

    def faults(self) -> Iterator[str]:
        """What the types cannot say, as `key: what is wrong`."""
        yield from super().faults()
        parts = urlsplit(self.desk.trusted_profile)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.path or parts.query:
            yield "desk.trusted_profile: must be scheme://host[:port] and nothing more"
        elif parts.scheme == "http" and parts.hostname not in near_hosts(self):
            yield "desk.trusted_profile: must be https, unless its host is in system.private_hosts"

    def secret_files(self) -> Iterator[tuple[str, str]]:
        """The files with secrets that another system shares, as key and file."""
        yield from super().secret_files()
        yield "desk.token_file", self.desk.token_file

"""The tables `[server]` and `[door]`: whose word on addresses counts, how a process ends, and how much it takes.

`poreka/settings.py` reads the file. What the door does: `web/door/door.py`.
"""

import ipaddress
from typing import Annotated

import msgspec

from poreka.rules.limits.door import DoorLimits

Seconds = Annotated[int, msgspec.Meta(ge=0, le=3600)]
Milliseconds = Annotated[int, msgspec.Meta(ge=10, le=60_000)]
Requests = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class Server(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which proxies stand in front, and how a process that is told to end does so."""

    trusted_proxies: tuple[str, ...] = ()  # addresses or networks whose `Forwarded` is believed; they must overwrite it
    notice_seconds: Seconds = 0  # it goes on taking work for so long while /health/ready already says no
    drain_seconds: Seconds = 20  # then work that is under way may take so long before it is answered with 503

    def __post_init__(self) -> None:
        for one in self.trusted_proxies:
            if not _is_some_network(one):
                raise ValueError(f"server.trusted_proxies: {one} is no address, and no network of less than all")


class DoorSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a process takes at once; more is answered with 503, newcomers first."""

    programs: Requests = 256  # requests of relying parties' programs under way
    inside: Requests = 256  # requests under way of people who are signed in or in a journey
    newcomers: Requests = 64  # requests under way of everyone else
    password_wait_ms: Milliseconds = 1000  # the wait for a password to be checked that is bearable
    loop_wait_ms: Milliseconds = 10  # how long the process may take to come round to what is due
    request_seconds: Annotated[int, msgspec.Meta(ge=1, le=300)] = 15  # in which a request is answered

    def limits(self) -> DoorLimits:
        """The limits in the door's own units."""
        return DoorLimits(
            programs=self.programs,
            inside=self.inside,
            newcomers=self.newcomers,
            password_wait=self.password_wait_ms / 1000,
            loop_wait=self.loop_wait_ms / 1000,
            request_seconds=float(self.request_seconds),
        )


def _is_some_network(text: str) -> bool:
    try:
        return ipaddress.ip_network(text).prefixlen > 0
    except ValueError:
        return False

"""The table `[desk]`: where clerks confirm applications for trusted profiles; and `[[trusted_profile.desks]]`.

Part of `settings.py`, which reads the file; what is built of it: `wiring/desk.py`, `wiring/trusted_profile.py`.
"""

from typing import Annotated
from urllib.parse import urlsplit

import msgspec

CASE = "{case}"


class KnownDesk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A desk whose clerks the trusted profile believes: docs/desk.openapi.yaml."""

    key: str  # names the desk in the audit log
    name: str  # the office, as owners read it in their history
    token_file: str  # one line, at least 32 characters: the desk proves itself with it
    client_id: str = ""  # as what the desk is registered to ask owners in the app; left out: it asks nobody


class Desk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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


def desk_faults(desk: Desk | None, known: tuple[KnownDesk, ...], near: frozenset[str]) -> list[str]:
    """What the types cannot say, as `key: what is wrong`; `near` are the hosts spoken to without encryption."""
    faults = []
    if len({one.key for one in known}) != len(known):
        faults.append("trusted_profile.desks: two of them have the same key")
    if any("/" in one.key or not one.key for one in known):
        faults.append("trusted_profile.desks: a key is short and has no slash")
    if desk is None:
        return faults
    parts = urlsplit(desk.trusted_profile)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path or parts.query:
        faults.append("desk.trusted_profile: must be scheme://host[:port] and nothing more")
    elif parts.scheme == "http" and parts.hostname not in near:
        faults.append("desk.trusted_profile: must be https, unless its host is in system.private_hosts")
    if desk.video and (not desk.video.startswith("https://") or CASE not in desk.video):
        faults.append("desk.video: must be an https address in which {case} stands for the number")
    return faults

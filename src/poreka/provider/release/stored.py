"""What is stored of a release, and reading it: the wish, how far it came, and the reply that only its protocol reads.

The reply is stored under the name `request`, and nothing that stood there before has another name: in a rolling restart
a process of the version before reads what this one wrote. That version stored no wish, so `read_release` makes it of
the request.
"""

import msgspec

from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.provider.release.openid_wish import wish_of
from poreka.provider.rules.release import ReleaseState
from poreka.provider.rules.wish import Wish

OPENID = "openid"
"""The protocol of a stored release that names none."""


class Release(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"reply": "request"}):
    """What is stored of a release; `protocol` names the `ReplyKind` that answers it."""

    protocol: str = OPENID
    wish: Wish
    reply: msgspec.Raw
    state: ReleaseState


class _Stored(msgspec.Struct, frozen=True, kw_only=True, rename={"reply": "request"}):
    """The same, as this version or the one before wrote it."""

    protocol: str = OPENID
    wish: Wish | None = None
    reply: msgspec.Raw
    state: ReleaseState


def read_release(stored: bytes) -> Release:
    """The release that a journey's state holds."""
    found = msgspec.json.decode(stored, type=_Stored)
    wish = found.wish or wish_of(msgspec.json.decode(found.reply, type=AuthorizationRequest), found.state.wanted)
    return Release(protocol=found.protocol, wish=wish, reply=found.reply, state=found.state)

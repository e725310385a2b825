"""What was signed to last, judged by anyone: by the keys of whoever signed it, fetched from there or handed in.

Without an issuer the keys are fetched from whom the document itself names: whoever judges it must see that this is the
one they mean. What makes a signature valid is `oidc/lasting/signature.py`.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from poreka.oidc.lasting.signature import KEYS_AT
from poreka.outgoing.back_channel import BackChannel, PeerFault, Reach
from poreka.web.settings.every_kind import is_loopback

KeysOf = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Finds the lasting keys of an issuer."""


class KeysAway(Exception):
    """The keys cannot be fetched: from which address, and why."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"the keys at {address} cannot be fetched ({why})")
        self.address, self.why = address, why


class NoKeySet(Exception):
    """What should be keys is no JWK Set."""


class OtherIssuer(Exception):
    """The signature is right, and somebody else's than the one that was expected."""


async def fetched_keys(issuer: str) -> dict[str, Any]:
    """The issuer's lasting keys: over https, or over plain http from this machine (the demonstration).

    Raises `KeysAway`, `NoKeySet`.
    """
    at_home = is_loopback(issuer)
    address = f"{issuer}{KEYS_AT}"
    try:
        async with BackChannel(Reach(allow_http=at_home, localhost_names=at_home)) as channel:
            answer = await channel.get(address)
    except PeerFault as fault:
        raise KeysAway(address, str(fault)) from None
    if answer.status != 200:
        raise KeysAway(address, f"answer {answer.status}")
    return jwk_set(answer.body)


def jwk_set(content: bytes) -> dict[str, Any]:
    """The keys in a JSON document; raises `NoKeySet`."""
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NoKeySet from None

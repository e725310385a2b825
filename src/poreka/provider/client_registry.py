"""The registered clients as this process knows them, with their keys imported once.

A registration is kept for a few seconds, so that `poreka client remove` takes effect soon and a
busy token endpoint does not read it each time. Keys at a `jwks_uri` are fetched through the back
channel, with its limits, kept for minutes, and fetched again when a token names a key we do not know:
once, however many ask for them at the same moment.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import Any

from poreka.oidc.clients.authentication import NO_KEYS
from poreka.oidc.clients.client import Client
from poreka.oidc.keys import KeyRefused, KeySet
from poreka.provider.store.clients import Clients
from poreka.store.deadline import TooBusy, seconds_left

FETCH_SECONDS = 15.0  # that anyone waits for keys: somewhat more than the back channel takes at most
RETRY_SECONDS = 5
KEPT_SECONDS = 5.0
KEYS_KEPT_SECONDS = 300.0
REFETCHED_AFTER_SECONDS = 1.0  # anyone can name an unknown key: that must not make us call a client at will
_AT_MOST = 1000

FetchKeys = Callable[[str], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A registration with its keys."""

    client: Client
    keys: KeySet


class ClientRegistry:
    """Looks clients up; `fetch_keys` answers a JWK Set for a `jwks_uri`, or None when it cannot be had."""

    def __init__(self, clients: Clients, fetch_keys: FetchKeys) -> None:
        self._clients, self._fetch_keys = clients, fetch_keys
        self._kept: dict[str, tuple[float, KnownClient | None]] = {}
        self._fetched: dict[str, tuple[float, KeySet]] = {}
        self._fetching: dict[str, asyncio.Task[KeySet]] = {}

    async def find(self, client_id: str) -> KnownClient | None:
        """The client of this id, or None."""
        kept = self._kept.get(client_id)
        if kept is not None and time.monotonic() - kept[0] < KEPT_SECONDS:
            return kept[1]
        return await self._load(client_id, again=False)

    def seen(self, client_id: str) -> bool:
        """Whether this process has met the client, told without asking anyone: for what must cost nothing."""
        kept = self._kept.get(client_id)
        return kept is not None and kept[1] is not None

    async def find_with_new_keys(self, client_id: str) -> KnownClient | None:
        """The client, its keys fetched anew: once, after a token named an unknown one."""
        return await self._load(client_id, again=True)

    async def _load(self, client_id: str, *, again: bool) -> KnownClient | None:
        # RFC 6749 appendix A.1: visible ASCII; anything else is no client of ours, and NUL no text to PostgreSQL.
        sound = len(client_id) <= 255 and client_id.isascii() and client_id.isprintable()
        client = await self._clients.by_id(client_id) if sound else None
        known = KnownClient(client, await self._keys_of(client, again=again)) if client else None
        if len(self._kept) >= _AT_MOST:  # names that do not exist must not fill the memory
            self._kept = {name: kept for name, kept in self._kept.items() if kept[1] is not None}
        self._kept[client_id] = (time.monotonic(), known)
        return known

    async def _keys_of(self, client: Client, *, again: bool) -> KeySet:
        if client.jwks is not None:
            return _read(client.jwks)
        if client.jwks_uri is None:
            return NO_KEYS
        fetched_at, keys = self._fetched.get(client.jwks_uri, (-math.inf, NO_KEYS))
        good_for = REFETCHED_AFTER_SECONDS if again else KEYS_KEPT_SECONDS if len(keys.keys) else KEPT_SECONDS
        if time.monotonic() - fetched_at < good_for:
            return keys
        if client.jwks_uri not in self._fetching:
            # In a context of its own: the deadline of whoever asks first is not that of the others who wait.
            fetching = asyncio.create_task(self._fetch(client.jwks_uri, keys), context=Context())
            self._fetching[client.jwks_uri] = fetching
        try:
            async with asyncio.timeout(seconds_left(FETCH_SECONDS)):
                # Shielded: a caller that goes away must not take the keys from the others who wait for them.
                return await asyncio.shield(self._fetching[client.jwks_uri])
        except TimeoutError:
            raise TooBusy("a client's keys did not come in time", RETRY_SECONDS) from None

    async def _fetch(self, uri: str, known_so_far: KeySet) -> KeySet:
        try:
            fetched = await self._fetch_keys(uri)
            keys = known_so_far if fetched is None else _read(fetched)  # who cannot be reached now keeps what is known
            self._fetched[uri] = (time.monotonic(), keys)
            return keys
        finally:
            del self._fetching[uri]


def _read(jwks: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.of_jwks(dict(jwks))
    except KeyRefused:
        return NO_KEYS

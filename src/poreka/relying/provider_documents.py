"""A provider's two public documents, its metadata and its keys, fetched when needed and remembered for a
while.

Every sign-in needs both, so they are kept ten minutes; a provider that cannot be reached is believed for an
hour more by what it said last, so that its short outage is not ours. A token signed with an unknown key is
a reason to look again at once, but strangers can make up key names: no more than one such look in 30
seconds for each issuer. However many sign-ins wait for a document, it is fetched once. The clock and the
fetching are arguments.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from poreka.oidc.errors import KeyUnknown
from poreka.oidc.keys import KeyRefused, KeySet
from poreka.oidc.relying_party.exchange import Answer, json_from
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.provider_metadata import (
    ProviderMetadata,
    check_fits,
    check_provider_metadata,
    discovery_url,
)
from poreka.oidc.relying_party.registration import Registration
from poreka.outgoing.back_channel import PeerFault, PeerUnreachable
from poreka.store.deadline import seconds_left

FRESH_SECONDS = 10 * 60
STALE_SECONDS = 60 * 60
"""How long after it stopped being fresh a document may still stand in for one that cannot be fetched."""
KEYS_AGAIN_SECONDS = 30
LONGEST_WAIT = 15.0  # somewhat more than the back channel takes at most

Fetch = Callable[[str], Awaitable[Answer]]
Now = Callable[[], int]
T = TypeVar("T")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Remembered(Generic[T]):
    value: T
    fetched_at: int


class _Document(Generic[T]):
    """One document of one issuer."""

    def __init__(self, load: Callable[[], Awaitable[T]], now: Now) -> None:
        self._load = load
        self._now = now
        self._remembered: _Remembered[T] | None = None
        self._tried_at: int | None = None
        self._running: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The document, fetched if it is not fresh."""
        return await self._newer_than(self._now() - FRESH_SECONDS)

    async def get_again(self) -> T:
        """The document, fetched even if fresh, but not if it was tried within the last 30 seconds."""
        return await self._newer_than(self._now() - KEYS_AGAIN_SECONDS)

    async def _newer_than(self, moment: int) -> T:
        kept = self._remembered
        if kept is not None and kept.fetched_at > moment:
            return kept.value
        if self._running is None:
            if kept is not None and self._tried_lately() and self._still_usable(kept):
                return kept.value
            # In a context of its own: the deadline of whoever asks first is not that of the others who wait.
            self._running = asyncio.create_task(self._fetch(), context=Context())
            self._running.add_done_callback(self._finished)
        try:
            async with asyncio.timeout(seconds_left(LONGEST_WAIT)):
                # Shielded: a visitor who goes away must not take the document from the others who wait for it.
                return await asyncio.shield(self._running)
        except TimeoutError:
            raise PeerUnreachable("time") from None

    async def _fetch(self) -> T:
        self._tried_at = self._now()
        try:
            value = await self._load()
        except (PeerFault, ProviderFault):
            kept = self._remembered
            if kept is None or not self._still_usable(kept):
                raise
            return kept.value
        self._remembered = _Remembered(value, self._now())
        return value

    def _finished(self, task: asyncio.Task[T]) -> None:
        self._running = None
        if not task.cancelled():
            task.exception()  # seen, even if everyone who waited has gone

    def _tried_lately(self) -> bool:
        return self._tried_at is not None and self._tried_at > self._now() - KEYS_AGAIN_SECONDS

    def _still_usable(self, kept: _Remembered[T]) -> bool:
        return self._now() < kept.fetched_at + FRESH_SECONDS + STALE_SECONDS


class ProviderDocuments:
    """The documents of every provider we are registered with; one per process."""

    def __init__(
        self, registrations: Mapping[str, Registration], fetch: Fetch, now: Now, *, allow_http: bool = False
    ) -> None:
        self._fetch = fetch
        self._allow_http = allow_http
        self._metadata = {
            issuer: _Document(partial(self._load_metadata, registration), now)
            for issuer, registration in registrations.items()
        }
        self._keys = {issuer: _Document(partial(self._load_keys, issuer), now) for issuer in registrations}

    async def metadata(self, issuer: str) -> ProviderMetadata:
        """What the provider says of itself, checked, and found to fit our registration."""
        return await self._metadata[issuer].get()

    async def keys(self, issuer: str) -> KeySet:
        """The provider's public keys."""
        return await self._keys[issuer].get()

    async def with_keys(self, issuer: str, process: Callable[[KeySet], Result]) -> Result:
        """Run `process` with the provider's keys, and once more with newer ones when it meets an unknown
        key.
        """
        try:
            return process(await self.keys(issuer))
        except KeyUnknown:
            return process(await self._keys[issuer].get_again())

    async def _load_metadata(self, registration: Registration) -> ProviderMetadata:
        answer = await self._fetch(discovery_url(registration.issuer))
        metadata = check_provider_metadata(answer, registration.issuer, allow_http=self._allow_http)
        check_fits(metadata, registration)
        return metadata

    async def _load_keys(self, issuer: str) -> KeySet:
        answer = await self._fetch((await self.metadata(issuer)).jwks_uri)
        if answer.status != 200:
            raise ProviderFault("keys", "The provider's keys cannot be fetched.", f"status {answer.status}")
        try:
            return KeySet.of_jwks(json_from(answer.body, "keys"))
        except KeyRefused as refused:
            raise ProviderFault("keys", "The provider's keys cannot be read.", str(refused)) from refused

"""Pushed authorization requests (RFC 9126), found by the SHA-256 of their reference.

Reading one does not use it up: the reference is claimed in `used_once` with what the request leads
to, so that a person who reloads the first page is not lost. Expired ones are not found.
"""

from dataclasses import dataclass

import msgspec

from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.oidc.provider.pushed_request import PushedRequest
from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import secret_hash


@dataclass(frozen=True, slots=True)
class PushedRequests:
    """The requests that wait for their browser."""

    database: Database

    def adding(self, pushed: PushedRequest, reference: str) -> Insert:
        """The row of a request pushed just now; `reference` is the fresh secret without its URN prefix."""
        values: dict[str, Value] = {
            "reference_hash": secret_hash(reference),
            "client_id": pushed.request.client_id,
            "request": msgspec.json.encode(pushed.request).decode(),
            "expires_at": pushed.expires_at,
        }
        return Insert("pushed_requests", values)

    async def load(self, reference: str, client_id: str, now: int) -> PushedRequest | None:
        """The request this client pushed under `reference`, unless its time is over."""
        row = await self.database.one(
            "SELECT request, expires_at FROM pushed_requests"
            " WHERE reference_hash = $1 AND client_id = $2 AND expires_at > $3",
            secret_hash(reference),
            client_id,
            now,
        )
        return pushed_request(row["request"], row["expires_at"]) if row else None


def pushed_request(request: str, expires_at: int) -> PushedRequest:
    """A pushed request from its columns."""
    return PushedRequest(request=msgspec.json.decode(request, type=AuthorizationRequest), expires_at=expires_at)

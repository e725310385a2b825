"""The relying parties registered here: one JSON document each, as `oidc.provider.client` defines it.

What a registration may say is checked before it comes here (`registration_faults`).
"""

from dataclasses import dataclass

import msgspec

from poreka.oidc.clients.client import Client
from poreka.store.database import Database, Insert, Row, Transaction, Writer


@dataclass(frozen=True, slots=True)
class Clients:
    """The registered clients; few and read often, so whoever asks for each request keeps them for a while."""

    database: Database

    def adding(self, client: Client, now: int) -> Insert:
        """The row of a new registration; a second one with this id is `AlreadyThere`."""
        return Insert("clients", {"client_id": client.client_id, "document": _text(client), "created_at": now})

    async def by_id(self, client_id: str, within: Transaction | None = None) -> Client | None:
        """One registration; `within` a transaction it is read there, without a second connection."""
        row = await (within or self.database).one("SELECT document FROM clients WHERE client_id = $1", client_id)
        return _client(row) if row else None

    async def all(self) -> list[Client]:
        """Every registration, by id."""
        return [_client(row) for row in await self.database.all("SELECT document FROM clients ORDER BY client_id")]

    async def replace(self, writer: Writer, client: Client) -> bool:
        """Put a registration in place of the one with its id; False when there is none."""
        sql = "UPDATE clients SET document = $2 WHERE client_id = $1"
        return await writer.run(sql, client.client_id, _text(client)) > 0

    async def remove(self, writer: Writer, client_id: str) -> bool:
        """Remove a registration; False when there was none."""
        return await writer.run("DELETE FROM clients WHERE client_id = $1", client_id) > 0


def _text(client: Client) -> str:
    return msgspec.json.encode(client).decode()


def _client(row: Row) -> Client:
    return msgspec.json.decode(row["document"], type=Client)

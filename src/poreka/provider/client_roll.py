"""The relying parties of a provider, as its operator sees them: registered, replaced, removed, given new secrets.

Each change is one transaction with its audit event. A server that runs meanwhile takes it over within seconds
(`client_registry.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from poreka.audit.events import ClientAdded, ClientRemoved, ClientSecretRotated
from poreka.audit.record import AuditLog
from poreka.oidc.clients.authentication import SECRET_METHODS
from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registration_faults import registration_faults
from poreka.provider.client_secrets import new_secret, rotated, with_secret
from poreka.provider.store.clients import Clients
from poreka.running.foundation import Foundation

DAY = 24 * 60 * 60


class RegistrationUnfit(Exception):
    """A registration says what no client may say; the message is the first thing wrong with it."""


class NoSuchClient(Exception):
    """Nobody is registered under this client_id."""


class ClientHasNoSecret(Exception):
    """The client proves itself in another way; the message is its name in the registration."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration as it was entered, and its secret where one was made: it is stored nowhere."""

    client: Client
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class RotatedSecret:
    """A new secret, and until when the one before it works."""

    secret: str = field(repr=False)
    former_until: int


@dataclass(frozen=True, slots=True)
class ClientRoll:
    """The relying parties of one provider; `plain_http`: addresses without TLS are taken, in the demonstration."""

    clients: Clients
    audit: AuditLog
    clock: Callable[[], int]
    plain_http: bool

    async def every(self) -> list[Client]:
        """All that are registered, by client_id."""
        return await self.clients.all()

    async def add(self, client: Client, *, replace: bool = False) -> Registered:
        """Register a client; with `replace` in the place of the one with the same client_id, whose secret stays.

        Raises `RegistrationUnfit`, and `AlreadyThere` where one is registered and none is to be replaced.
        """
        async with self.audit.transaction() as (transaction, record):
            present = await self.clients.by_id(client.client_id, transaction) if replace else None
            entered, secret = with_secret(client, present)
            for fault in registration_faults(entered, plain_http=self.plain_http):
                raise RegistrationUnfit(fault)
            if present is None:
                await transaction.insert(self.clients.adding(entered, self.clock()))
            else:
                await self.clients.replace(transaction, entered)
            await record(ClientAdded(person_id=None, client_id=client.client_id))
        return Registered(entered, secret)

    async def remove(self, client_id: str) -> None:
        """Remove a client; what it was given ends by itself within minutes. Raises `NoSuchClient`."""
        async with self.audit.transaction() as (transaction, record):
            if not await self.clients.remove(transaction, client_id):
                raise NoSuchClient
            await record(ClientRemoved(person_id=None, client_id=client_id))

    async def rotate_secret(self, client_id: str, days: int) -> RotatedSecret:
        """Make a new secret; the present one works on for so many days, an earlier one ends at once.

        Raises `NoSuchClient`, `ClientHasNoSecret`.
        """
        secret, until = new_secret(), self.clock() + days * DAY
        async with self.audit.transaction() as (transaction, record):
            present = await self.clients.by_id(client_id, transaction)
            if present is None:
                raise NoSuchClient
            if present.token_endpoint_auth_method not in SECRET_METHODS:
                raise ClientHasNoSecret(present.token_endpoint_auth_method)
            await self.clients.replace(transaction, rotated(present, secret, until))
            await record(ClientSecretRotated(person_id=None, client_id=client_id, former_until=until))
        return RotatedSecret(secret, until)


def client_roll(base: Foundation) -> ClientRoll:
    """The relying parties of a provider that was opened and is not served."""
    audit = AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
    return ClientRoll(Clients(base.database), audit, base.clock, plain_http=base.settings.system.demo)

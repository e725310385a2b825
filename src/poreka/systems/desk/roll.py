"""What an operator does about a desk's clerks: adding, blocking, and the link by which each registers a key.

Used by `poreka clerk` and by the demonstration. A new link ends earlier keys and sessions in the same transaction:
whoever asks for one has lost a key, or somebody else has it.
"""

from dataclasses import dataclass

from poreka.audit.record import AuditLog
from poreka.rules.enrolment_code import code_of
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import FoundationOf
from poreka.store.sessions import Sessions
from poreka.systems.desk.build import clerks_of
from poreka.systems.desk.events import ClerkAdded, ClerkBlocked, ClerkLinkMade
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.desk.store.clerk_keys import ClerkKeys
from poreka.systems.desk.store.clerks import Clerks, DeskClerk


@dataclass(frozen=True, slots=True)
class KeyLink:
    """A link, and when it ends."""

    address: str
    until: int


@dataclass(frozen=True, slots=True)
class ClerkRoll:
    """The clerks of one desk, as its operator sees them."""

    base: FoundationOf[DeskSettings]

    @property
    def clerks(self) -> Clerks:
        """Who they are."""
        return clerks_of(self.base)

    @property
    def keys(self) -> ClerkKeys:
        """What they sign in with."""
        return ClerkKeys(self.base.database)

    async def named(self, login: str) -> DeskClerk | None:
        """The clerk of this login, in capital letters or small ones."""
        return await self.clerks.by_login(login.strip().lower())

    async def every(self) -> list[tuple[DeskClerk, int]]:
        """Each clerk, blocked or not, and how many keys they have."""
        return [(clerk, len(await self.keys.of_clerk(clerk.id))) for clerk in await self.clerks.every()]

    async def add(self, login: str, name: str, pesel: Pesel) -> DeskClerk:
        """A new clerk of this office; raises `AlreadyThere` when the login or the person is there."""
        base = self.base
        office = base.settings.desk.office
        clerk = DeskClerk(id=base.fresh.id(), login=login, name=name, office=office, pesel=pesel, added_at=base.clock())
        await self._audit().save(self.clerks.adding(clerk), event=ClerkAdded(person_id=clerk.id))
        return clerk

    async def make_link(self, clerk: DeskClerk) -> KeyLink:
        """A link for a key; earlier keys, links and sessions end. Raises `Stale` for a blocked clerk."""
        base = self.base
        code, now = code_of(base.fresh.bytes(16)), base.clock()
        until = now + base.settings.desk.link_minutes * 60
        async with self._audit().transaction() as (transaction, record):
            await self.clerks.offer_link(transaction, clerk.id, code, until)
            ended = await self.keys.end_all(transaction, clerk.id, now)
            await self._sessions().end_all_of_person(transaction, clerk.id)
            await record(ClerkLinkMade(person_id=clerk.id, keys_ended=ended))
        # Behind the # the code reaches no server and stands in no log.
        return KeyLink(f"{base.settings.system.origin}/key#{code}", until)

    async def block(self, clerk: DeskClerk) -> bool:
        """From now on the clerk does nothing here; False when that was so before."""
        now = self.base.clock()
        async with self._audit().transaction() as (transaction, record):
            if not await self.clerks.block(transaction, clerk.id, now):
                return False
            await self.keys.end_all(transaction, clerk.id, now)
            await self._sessions().end_all_of_person(transaction, clerk.id)
            await record(ClerkBlocked(person_id=clerk.id))
        return True

    def _audit(self) -> AuditLog:
        return AuditLog(self.base.database, self.base.audit_key, self.base.clock, self.base.fresh.id)

    def _sessions(self) -> Sessions:
        return Sessions(self.base.database, self.base.seal, self.base.fresh)

"""What an operator does about a desk's clerks: adding, blocking, and the link by which each registers a key.

Used by `poreka clerk` and by the demonstration. A new link ends earlier keys and sessions in the same transaction:
whoever asks for one has lost a key, or somebody else has it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from poreka.audit.record import AuditLog
from poreka.rules.enrolment_code import code_of
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import FoundationOf
from poreka.store.fresh import Fresh
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClerkRoll:
    """The clerks of one desk, as its operator sees them."""

    settings: DeskSettings
    clerks: Clerks
    keys: ClerkKeys
    sessions: Sessions
    audit: AuditLog
    fresh: Fresh
    clock: Callable[[], int]

    async def named(self, login: str) -> DeskClerk | None:
        """The clerk of this login, in capital letters or small ones."""
        return await self.clerks.by_login(login.strip().lower())

    async def every(self) -> list[tuple[DeskClerk, int]]:
        """Each clerk, blocked or not, and how many keys they have."""
        return [(clerk, len(await self.keys.of_clerk(clerk.id))) for clerk in await self.clerks.every()]

    async def add(self, login: str, name: str, pesel: Pesel) -> DeskClerk:
        """A new clerk of this office; raises `AlreadyThere` when the login or the person is there."""
        office, now = self.settings.desk.office, self.clock()
        clerk = DeskClerk(id=self.fresh.id(), login=login, name=name, office=office, pesel=pesel, added_at=now)
        await self.audit.save(self.clerks.adding(clerk), event=ClerkAdded(person_id=clerk.id))
        return clerk

    async def make_link(self, clerk: DeskClerk) -> KeyLink:
        """A link for a key; earlier keys, links and sessions end. Raises `Stale` for a blocked clerk."""
        code, now = code_of(self.fresh.bytes(16)), self.clock()
        until = now + self.settings.desk.link_minutes * 60
        async with self.audit.transaction() as (transaction, record):
            await self.clerks.offer_link(transaction, clerk.id, code, until)
            ended = await self.keys.end_all(transaction, clerk.id, now)
            await self.sessions.end_all_of_person(transaction, clerk.id)
            await record(ClerkLinkMade(person_id=clerk.id, keys_ended=ended))
        # Behind the # the code reaches no server and stands in no log.
        return KeyLink(f"{self.settings.system.origin}/key#{code}", until)

    async def block(self, clerk: DeskClerk) -> bool:
        """From now on the clerk does nothing here; False when that was so before."""
        now = self.clock()
        async with self.audit.transaction() as (transaction, record):
            if not await self.clerks.block(transaction, clerk.id, now):
                return False
            await self.keys.end_all(transaction, clerk.id, now)
            await self.sessions.end_all_of_person(transaction, clerk.id)
            await record(ClerkBlocked(person_id=clerk.id))
        return True


def clerk_roll(base: FoundationOf[DeskSettings]) -> ClerkRoll:
    """The clerks of a desk that was opened and is not served; one that is served has all of it in its system."""
    return ClerkRoll(
        settings=base.settings,
        clerks=clerks_of(base),
        keys=ClerkKeys(base.database),
        sessions=Sessions(base.database, base.seal, base.fresh),
        audit=AuditLog(base.database, base.audit_key, base.clock, base.fresh.id),
        fresh=base.fresh,
        clock=base.clock,
    )

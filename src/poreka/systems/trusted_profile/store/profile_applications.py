"""Applications for trusted profiles that a clerk decides about: their numbers, and what was decided (T1).

The application's own row is the profile's (`trusted_profiles.py`), in the state `applied`. What a clerk checked, or
why one was refused, is kept sealed beside the number; a decision is written once, and so is the first confirmation
where two are needed (`Stale`).
"""

from dataclasses import dataclass

import msgspec

from poreka.contracts.desk import KeySigned
from poreka.contracts.identity_check import IdentityCheck, RefusalReason, Way
from poreka.oidc.relying_party.discreet import Discreet
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.trusted_profile.rules.proposal import Clerk


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileApplication:
    """One application; `number` is what its owner names to the clerk, `first` the clerk who confirmed it first."""

    profile_id: str
    number: str
    first: Clerk | None = None


class CaseDecision(Discreet, frozen=True, kw_only=True):
    """What a clerk decided: a full check confirms, a reason refuses. `by` names desk and clerk, `signed` is their key's
    signature."""

    by: str
    clerk_name: str
    check: IdentityCheck | None = None
    way: Way | None = None
    reason: RefusalReason | None = None
    note: str = ""
    signed: KeySigned | None = None


@dataclass(frozen=True, slots=True)
class ProfileApplications:
    """The applications of one system."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, new: ProfileApplication) -> Insert:
        """The row of a new application; `AlreadyThere` in the unlikely case that its number is another's."""
        return Insert("profile_applications", {"profile_id": new.profile_id, "number": new.number})

    async def by_number(self, number: str, within: Transaction | None = None) -> ProfileApplication | None:
        """The application with this number."""
        row = await (within or self.database).one("SELECT * FROM profile_applications WHERE number = $1", number)
        return _from_row(row) if row else None

    async def waiting(self) -> dict[str, ProfileApplication]:
        """The applications that nobody has decided about, by their profile's id."""
        rows = await self.database.all("SELECT * FROM profile_applications WHERE decided_at IS NULL")
        return {row["profile_id"]: _from_row(row) for row in rows}

    async def confirm_first(self, writer: Writer, profile_id: str, by: Clerk, look: CaseDecision, now: int) -> None:
        """Keep the first of two confirmations; raises `Stale` where there is one, or a decision."""
        sealed = self.seal.seal(msgspec.json.encode(look), _first_context(profile_id), self.fresh.bytes(12))
        sql = (
            "UPDATE profile_applications SET first_by = $2, first_person = $3, first_at = $4, first_look = $5"
            " WHERE profile_id = $1 AND decided_at IS NULL AND first_by IS NULL"
        )
        if not await writer.run(sql, profile_id, by.id, by.person, now, sealed):
            raise Stale("profile_applications")

    async def first_look(self, profile_id: str) -> CaseDecision | None:
        """What the first of two clerks checked."""
        row = await self.database.one("SELECT first_look FROM profile_applications WHERE profile_id = $1", profile_id)
        if row is None or row["first_look"] is None:
            return None
        return msgspec.json.decode(self.seal.unseal(row["first_look"], _first_context(profile_id)), type=CaseDecision)

    async def decide(self, writer: Writer, profile_id: str, decision: CaseDecision, now: int) -> None:
        """Keep what was decided; raises `Stale` where something was decided before."""
        sealed = self.seal.seal(msgspec.json.encode(decision), _context(profile_id), self.fresh.bytes(12))
        sql = (
            "UPDATE profile_applications SET decided_at = $2, decided_by = $3, decision = $4"
            " WHERE profile_id = $1 AND decided_at IS NULL"
        )
        if not await writer.run(sql, profile_id, now, decision.by, sealed):
            raise Stale("profile_applications")

    async def decision(self, profile_id: str) -> CaseDecision | None:
        """What was decided about an application."""
        row = await self.database.one("SELECT decision FROM profile_applications WHERE profile_id = $1", profile_id)
        if row is None or row["decision"] is None:
            return None
        return msgspec.json.decode(self.seal.unseal(row["decision"], _context(profile_id)), type=CaseDecision)


def _from_row(row: Row) -> ProfileApplication:
    first = Clerk(id=row["first_by"], person=row["first_person"]) if row["first_by"] else None
    return ProfileApplication(profile_id=row["profile_id"], number=row["number"], first=first)


def _context(profile_id: str) -> str:
    return f"profile_applications.decision:{profile_id}"


def _first_context(profile_id: str) -> str:
    return f"profile_applications.first_look:{profile_id}"

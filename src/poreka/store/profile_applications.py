"""Applications for trusted profiles that a clerk decides about: their numbers, and what was decided (T1).

The application's own row is the profile's (`trusted_profiles.py`), in the state `applied`. What a clerk checked, or
why one was refused, is kept sealed beside the number; a decision is written once (`Stale`).
"""

from dataclasses import dataclass

import msgspec

from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.identity_check import IdentityCheck, RefusalReason, Way
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileApplication:
    """One application; `number` is what its owner names to the clerk."""

    profile_id: str
    number: str


class CaseDecision(Discreet, frozen=True, kw_only=True):
    """What a clerk decided: a full check confirms, a reason refuses. `by` names desk and clerk."""

    by: str
    clerk_name: str
    check: IdentityCheck | None = None
    way: Way | None = None
    reason: RefusalReason | None = None
    note: str = ""


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

    async def numbers_of_waiting(self) -> dict[str, str]:
        """The numbers of applications that nobody has decided about, by their profile's id."""
        rows = await self.database.all("SELECT profile_id, number FROM profile_applications WHERE decided_at IS NULL")
        return {row["profile_id"]: row["number"] for row in rows}

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
    return ProfileApplication(profile_id=row["profile_id"], number=row["number"])


def _context(profile_id: str) -> str:
    return f"profile_applications.decision:{profile_id}"

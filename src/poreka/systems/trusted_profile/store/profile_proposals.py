"""`ProfileProposals`: the table of proposals that one clerk makes for a valid profile and another clerk decides.

The rules are `systems/trusted_profile/rules/proposal.py`. A unique index allows one open proposal for a profile at a
time. `decide` changes an open row only and raises `Stale` otherwise; decided rows are kept for good. Names, reasons and
new facts are sealed; the people whom a proposal concerns are kept as blind indexes of their PESELs only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from poreka.contracts.desk import KeySigned, NewFacts
from poreka.contracts.desk_words import Act, ProposalState, Reason
from poreka.oidc.relying_party.discreet import Discreet
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.trusted_profile.rules.proposal import Clerk, Proposal, as_of

INDEX_BYTES = 32


class Content(Discreet, frozen=True, kw_only=True):
    """What is proposed besides the act. `clerk_name` is that of the clerk who proposes, `signed` the signature of the
    clerk's key; `owner_approved` says that the owner approved in the app just before."""

    clerk_name: str
    reason: Reason | None = None
    reference: str = ""
    note: str = ""
    facts: NewFacts | None = None
    owner_approved: bool = False
    signed: KeySigned | None = None


class Decision(Discreet, frozen=True, kw_only=True):
    """Who decided, the note where it was rejected, and the signature of the clerk's key."""

    clerk_name: str
    note: str = ""
    signed: KeySigned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProposal:
    """A stored proposal: what the rules decide by (`rule`), and what clerks read (`content`)."""

    id: str
    profile_id: str
    rule: Proposal
    content: Content


@dataclass(frozen=True, slots=True)
class ProfileProposals:
    """The proposals of one system."""

    database: Database
    seal: Seal
    fresh: Fresh
    clock: Callable[[], int]

    def adding(self, new: KeptProposal) -> Insert:
        """The row of a new proposal; inserting it raises `AlreadyThere` where the profile has an open one."""
        rule = new.rule
        values: dict[str, Value] = {
            "id": new.id,
            "profile_id": new.profile_id,
            "act": rule.act.value,
            "state": rule.state.value,
            "proposed_by": rule.by.id,
            "proposed_by_person": rule.by.person,
            "concerns": b"".join(sorted(rule.concerns)),
            "content": self._sealed("content", new.id, new.content),
            "proposed_at": rule.proposed_at,
            "until": rule.until,
        }
        return Insert("profile_proposals", values)

    async def end_overdue(self, writer: Writer) -> int:
        """Mark open proposals as lapsed whose time is over, so that a new one can be made; returns how many."""
        sql = "UPDATE profile_proposals SET state = 'lapsed', decided_at = until WHERE state = 'open' AND until <= $1"
        return await writer.run(sql, self.clock())

    async def load(self, proposal_id: str, within: Transaction | None = None) -> KeptProposal | None:
        """The proposal with this id as it stands now; None where there is none."""
        row = await (within or self.database).one("SELECT * FROM profile_proposals WHERE id = $1", proposal_id)
        return self._from_row(row) if row else None

    async def open_of(self, profile_id: str) -> KeptProposal | None:
        """The open proposal of a profile; None where there is none."""
        sql = "SELECT * FROM profile_proposals WHERE profile_id = $1 AND state = 'open' AND until > $2"
        row = await self.database.one(sql, profile_id, self.clock())
        return self._from_row(row) if row else None

    async def waiting(self, most: int) -> list[KeptProposal]:
        """At most `most` open proposals, in the order in which they lapse."""
        sql = "SELECT * FROM profile_proposals WHERE state = 'open' AND until > $1 ORDER BY until, id LIMIT $2"
        return [self._from_row(row) for row in await self.database.all(sql, self.clock(), most)]

    async def decide(self, writer: Writer, before: KeptProposal, after: Proposal, decision: Decision) -> KeptProposal:
        """Store the decision on an open proposal; raises `Stale` where it is open no more."""
        if after.decided_by is None:
            raise ValueError("a decision is somebody's")
        sql = (
            "UPDATE profile_proposals SET state = $2, decided_by = $3, decided_by_person = $4, decided_at = $5,"
            " decision = $6 WHERE id = $1 AND state = 'open'"
        )
        sealed, by = self._sealed("decision", before.id, decision), after.decided_by
        if not await writer.run(sql, before.id, after.state.value, by.id, by.person, after.decided_at, sealed):
            raise Stale("profile_proposals")
        return replace(before, rule=after)

    def _sealed(self, column: str, proposal_id: str, value: Discreet) -> bytes:
        return self.seal.seal(msgspec.json.encode(value), _context(column, proposal_id), self.fresh.bytes(12))

    def _from_row(self, row: Row) -> KeptProposal:
        content = self.seal.unseal(row["content"], _context("content", row["id"]))
        decided_by = row["decided_by"]
        rule = Proposal(
            act=Act(row["act"]),
            concerns=_split(row["concerns"]),
            by=Clerk(id=row["proposed_by"], person=row["proposed_by_person"]),
            proposed_at=row["proposed_at"],
            until=row["until"],
            state=ProposalState(row["state"]),
            decided_by=Clerk(id=decided_by, person=row["decided_by_person"]) if decided_by else None,
            decided_at=row["decided_at"],
        )
        return KeptProposal(
            id=row["id"],
            profile_id=row["profile_id"],
            rule=as_of(rule, self.clock()),
            content=msgspec.json.decode(content, type=Content),
        )


def _split(joined: bytes) -> frozenset[bytes]:
    return frozenset(joined[place : place + INDEX_BYTES] for place in range(0, len(joined), INDEX_BYTES))


def _context(column: str, proposal_id: str) -> str:
    return f"profile_proposals.{column}:{proposal_id}"

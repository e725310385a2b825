"""Sign-ins on another device, under way: which browser shows the code, which phone claimed it, and who asks.

The rules are `systems/mobywatel/rules/cross_device.py`; every change is guarded by the state that was read (`Stale`),
so that a code is claimed by one phone and an approval used once. Who asks, from where, is sealed; rows are swept after
an hour.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

import msgspec

from poreka.store.database import Database, Insert, Row, Stale, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.mobywatel.rules.cross_device import CrossSignIn, CrossState


class CrossAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks (a client), from what browser, at what address, and the page of ours that it leads to."""

    client_id: str
    agent: str
    address: str
    asked_at: int
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCross:
    """A sign-in with what belongs to it."""

    rule: CrossSignIn
    asked: CrossAsked = field(repr=False)


@dataclass(frozen=True, slots=True)
class CrossSignIns:
    """Those of one app; `key` makes the code's hash."""

    database: Database
    seal: Seal
    fresh: Fresh
    key: bytes

    def adding(self, new: KeptCross, code: str) -> Insert:
        """The row of one whose code is shown now."""
        asked = msgspec.json.encode(new.asked)
        values: dict[str, Value] = {
            "id": new.rule.id,
            "code_hash": self._hash(code),
            "state": new.rule.state.value,
            "browser": new.rule.browser,
            "phone": new.rule.phone,
            "device_id": new.rule.device_id,
            "person_id": new.rule.person_id,
            "asked": self.seal.seal(asked, _context(new.rule.id), self.fresh.bytes(12)),
            "expires_at": new.rule.expires_at,
        }
        return Insert("cross_sign_ins", values)

    async def load(self, cross_id: str) -> KeptCross | None:
        """One sign-in."""
        row = await self.database.one("SELECT * FROM cross_sign_ins WHERE id = $1", cross_id)
        return self._from_row(row) if row else None

    async def of_code(self, code: str) -> KeptCross | None:
        """The sign-in of a code, claimed or not."""
        row = await self.database.one("SELECT * FROM cross_sign_ins WHERE code_hash = $1", self._hash(code))
        return self._from_row(row) if row else None

    async def save(self, writer: Writer, before: CrossSignIn, after: CrossSignIn) -> None:
        """Put it in place of the one that was read; raises `Stale`."""
        changed = await writer.run(
            "UPDATE cross_sign_ins SET state = $3, phone = $4, device_id = $5, person_id = $6"
            " WHERE id = $1 AND state = $2",
            before.id,
            before.state.value,
            after.state.value,
            after.phone,
            after.device_id,
            after.person_id,
        )
        if not changed:
            raise Stale("cross_sign_ins")

    async def refuse_approved(self, writer: Writer, person_id: str) -> None:
        """No browser goes on any more with what this person approved and has not used yet."""
        await writer.run(
            "UPDATE cross_sign_ins SET state = $2 WHERE person_id = $1 AND state = $3",
            person_id,
            CrossState.REFUSED.value,
            CrossState.APPROVED.value,
        )

    def _hash(self, code: str) -> bytes:
        return hmac.digest(self.key, b"cross-device-code\0" + code.encode(), hashlib.sha256)

    def _from_row(self, row: Row) -> KeptCross:
        rule = CrossSignIn(
            id=row["id"],
            browser=row["browser"],
            expires_at=row["expires_at"],
            state=CrossState(row["state"]),
            phone=row["phone"],
            device_id=row["device_id"],
            person_id=row["person_id"],
        )
        opened = self.seal.unseal(row["asked"], _context(row["id"]))
        return KeptCross(rule=rule, asked=msgspec.json.decode(opened, type=CrossAsked))


def _context(cross_id: str) -> str:
    return f"cross_sign_ins.asked:{cross_id}"

"""Enrolments of phones under way: whose phone it will be, the code's keyed hash, and the key that waits.

The rules are `rules/enrolment_code.py`; every change is guarded by the state that was read (`Stale`), so that a
code is used by one phone however many try at once. Facts and keys are sealed; rows are swept a day after their end.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

import msgspec

from poreka.rules.enrolment_code import Enrolment, EnrolmentState
from poreka.store.database import Database, Insert, Row, Stale, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


class OfferedTo(msgspec.Struct, frozen=True, kw_only=True):
    """Whose phone it will be, as the provider told."""

    customer: str
    first_name: str
    surname: str
    pesel: str


class NewDevice(msgspec.Struct, frozen=True, kw_only=True):
    """The phone that made a key: the key waits here, and opens nothing, until the enrolment is confirmed."""

    name: str
    key: bytes
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEnrolment:
    """An enrolment with what belongs to it."""

    rule: Enrolment
    asker: str
    to: OfferedTo = field(repr=False)
    device: NewDevice | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Enrolments:
    """The enrolments of one app; `key` makes the code's hash."""

    database: Database
    seal: Seal
    fresh: Fresh
    key: bytes

    def adding(self, new: KeptEnrolment, code: str) -> Insert:
        """The row of an enrolment that is offered now."""
        values: dict[str, Value] = {
            "id": new.rule.id,
            "asker": new.asker,
            "code_hash": self._hash(code),
            "state": new.rule.state.value,
            "offered_to": self._sealed("offered_to", new.rule.id, msgspec.json.encode(new.to)),
            "browser": new.rule.browser,
            "key_id": new.rule.key,
            "device": None,
            "expires_at": new.rule.expires_at,
        }
        return Insert("enrolments", values)

    async def load(self, enrolment_id: str) -> KeptEnrolment | None:
        """One enrolment."""
        row = await self.database.one("SELECT * FROM enrolments WHERE id = $1", enrolment_id)
        return self._from_row(row) if row else None

    async def of_code(self, code: str) -> KeptEnrolment | None:
        """The enrolment of a code, used or not."""
        row = await self.database.one("SELECT * FROM enrolments WHERE code_hash = $1", self._hash(code))
        return self._from_row(row) if row else None

    async def save(self, writer: Writer, before: Enrolment, after: Enrolment, device: NewDevice | None = None) -> None:
        """Put it in place of the one that was read; raises `Stale`. A new key is kept only while it waits."""
        sealed = self._sealed("device", after.id, msgspec.msgpack.encode(device)) if device else None
        sql = "UPDATE enrolments SET state = $3, browser = $4, key_id = $5, device = $6 WHERE id = $1 AND state = $2"
        changed = await writer.run(
            sql, before.id, before.state.value, after.state.value, after.browser, after.key, sealed
        )
        if not changed:
            raise Stale("enrolments")

    def _hash(self, code: str) -> bytes:
        return hmac.digest(self.key, b"enrolment-code\0" + code.encode(), hashlib.sha256)

    def _sealed(self, column: str, enrolment_id: str, value: bytes) -> bytes:
        return self.seal.seal(value, f"enrolments.{column}:{enrolment_id}", self.fresh.bytes(12))

    def _from_row(self, row: Row) -> KeptEnrolment:
        opened = self.seal.unseal(row["offered_to"], f"enrolments.offered_to:{row['id']}")
        device = row["device"] and self.seal.unseal(row["device"], f"enrolments.device:{row['id']}")
        rule = Enrolment(
            id=row["id"],
            expires_at=row["expires_at"],
            state=EnrolmentState(row["state"]),
            browser=row["browser"],
            key=row["key_id"],
        )
        return KeptEnrolment(
            rule=rule,
            asker=row["asker"],
            to=msgspec.json.decode(opened, type=OfferedTo),
            device=msgspec.msgpack.decode(device, type=NewDevice) if device else None,
        )

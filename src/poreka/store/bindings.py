"""Devices that are bound to patient accounts: what each proves itself with, and how it stands (K3).

A device is found by the hash of its own cookie, the present one or the one before. Every change is guarded by what was
read: of two openings at the same moment one is `Stale`, and so is a try that another worker counted meanwhile. An ended
binding keeps neither key nor PIN; it is found for a while so that its device is told why. The rules:
`rules/device_binding.py`.
"""

from dataclasses import dataclass, field

from poreka.rules.device_binding import Binding, BindingEnd, Tool
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Writer
from poreka.store.fresh import Fresh, secret_hash
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundKey:
    """The passkey of a binding, as `store/devices.py` keeps a phone's."""

    key_id: str
    public_key: bytes = field(repr=False)
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBinding:
    """One binding; `by_former` says that the device came with the secret before the present one."""

    id: str
    account: str
    owner: str
    name: str
    issuer: str
    subject: str
    rule: Binding
    added_at: int
    key: BoundKey | None = None
    pin_hash: str | None = field(default=None, repr=False)
    by_former: bool = False


@dataclass(frozen=True, slots=True)
class Bindings:
    """The bindings of one app."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, new: KeptBinding, secret: str) -> Insert:
        """The row of a new binding, whose device holds `secret`."""
        return Insert(
            "bindings",
            {
                "id": new.id,
                "account": new.account,
                "owner": self.seal.seal(new.owner.encode(), _context(new.id), self.fresh.bytes(12)),
                "name": new.name,
                "issuer": new.issuer,
                "subject": new.subject,
                "tool": new.rule.tool.value,
                "secret_hash": secret_hash(secret),
                "former_secret_hash": None,
                "pin_hash": new.pin_hash,
                "former_pin_hash": None,
                "key_id": new.key.key_id if new.key else None,
                "public_key": new.key.public_key if new.key else None,
                "uses": new.key.uses if new.key else 0,
                "tries": 0,
                "added_at": new.added_at,
                "used_at": new.rule.used_at,
                "ended_at": None,
                "ended_by": None,
            },
        )

    async def by_secret(self, secret: str) -> KeptBinding | None:
        """The binding of a device's cookie, ended or not."""
        wanted = secret_hash(secret)
        sql = "SELECT * FROM bindings WHERE secret_hash = $1 OR former_secret_hash = $1"
        row = await self.database.one(sql, wanted)
        return self._from_row(row, by_former=bytes(row["secret_hash"]) != wanted) if row else None

    async def load(self, binding_id: str, within: Transaction | None = None) -> KeptBinding | None:
        """One binding, ended or not."""
        row = await (within or self.database).one("SELECT * FROM bindings WHERE id = $1", binding_id)
        return self._from_row(row) if row else None

    async def of_account(self, account: str) -> list[KeptBinding]:
        """An account's bindings that nobody ended, the first first; those that lie unused too long are among them."""
        sql = "SELECT * FROM bindings WHERE account = $1 AND ended_at IS NULL ORDER BY added_at, id"
        return [self._from_row(row) for row in await self.database.all(sql, account)]

    async def of_subject(self, issuer: str, subject: str, within: Transaction) -> list[KeptBinding]:
        """The bindings that rest on a provider's word about one person."""
        sql = "SELECT * FROM bindings WHERE issuer = $1 AND subject = $2 AND ended_at IS NULL ORDER BY id"
        return [self._from_row(row) for row in await within.all(sql, issuer, subject)]

    async def count(self, writer: Writer, before: KeptBinding, after: Binding) -> None:
        """Write a try down before it is looked at; raises `Stale`."""
        sql = "UPDATE bindings SET tries = $3 WHERE id = $1 AND tries = $2 AND ended_at IS NULL"
        if not await writer.run(sql, before.id, before.rule.tries, after.tries):
            raise Stale("bindings")

    async def uncount(self, writer: Writer, before: KeptBinding) -> None:
        """Take the try back that was counted last: it was right, and could not be used."""
        sql = "UPDATE bindings SET tries = $3 WHERE id = $1 AND tries = $2 AND ended_at IS NULL"
        await writer.run(sql, before.id, before.rule.tries + 1, before.rule.tries)

    async def open(
        self, writer: Writer, kept: KeptBinding, *, uses: int, secret: str, pin_hash: str | None, now: int
    ) -> None:
        """It was opened: no tries, a new secret, and the one before it still known; raises `Stale`."""
        former = "" if kept.by_former else ", former_secret_hash = secret_hash, former_pin_hash = pin_hash"
        sql = (
            f"UPDATE bindings SET tries = 0, used_at = $3, uses = $4, secret_hash = $5, pin_hash = $6{former}"  # noqa: S608
            " WHERE id = $1 AND uses = $2 AND ended_at IS NULL"
        )
        before = kept.key.uses if kept.key else 0
        if not await writer.run(sql, kept.id, before, now, uses, secret_hash(secret), pin_hash):
            raise Stale("bindings")

    async def end(self, writer: Writer, binding_id: str, by: BindingEnd, now: int) -> bool:
        """Key and PIN are gone for good; False when it had ended before."""
        sql = (
            "UPDATE bindings SET ended_at = $2, ended_by = $3, pin_hash = NULL, former_pin_hash = NULL,"
            " public_key = NULL WHERE id = $1 AND ended_at IS NULL"
        )
        return await writer.run(sql, binding_id, now, by.value) > 0

    def _from_row(self, row: Row, *, by_former: bool = False) -> KeptBinding:
        public_key, ended_by = row["public_key"], row["ended_by"]
        rule = Binding(
            tool=Tool(row["tool"]),
            used_at=row["used_at"],
            tries=row["tries"],
            ended_by=BindingEnd(ended_by) if ended_by else None,
        )
        return KeptBinding(
            id=row["id"],
            account=row["account"],
            owner=self.seal.unseal(row["owner"], _context(row["id"])).decode(),
            name=row["name"],
            issuer=row["issuer"],
            subject=row["subject"],
            rule=rule,
            added_at=row["added_at"],
            key=BoundKey(key_id=row["key_id"], public_key=public_key, uses=row["uses"]) if public_key else None,
            pin_hash=row["former_pin_hash"] if by_former else row["pin_hash"],
            by_former=by_former,
        )


def _context(binding_id: str) -> str:
    return f"bindings.owner:{binding_id}"

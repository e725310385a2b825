"""Devices that are bound to patient accounts: what each proves itself with, and how it stands (K3).

A device's cookie holds a secret that changes with every opening. `bindings` keeps the hash of the present secret,
`former_secrets` the hashes of all before; a former one opens the device while it is not spent, that is until the device
came with the present one. Every change is guarded by what was read: of two openings at the same moment one raises
`Stale`, and so does a try that another worker counted meanwhile. An ended binding keeps neither key nor PIN; its row
stays so that its device is told why. The rules: `contracts/binding.py`.
"""

from dataclasses import dataclass, field, replace

from poreka.contracts.binding import Binding, BindingEnd, CameWith, Tool
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Writer
from poreka.store.fresh import Fresh, secret_hash
from poreka.store.seal import Seal

_UNSPENT = "(SELECT count(*) FROM former_secrets u WHERE u.binding = b.id AND u.spent = 0) AS former"
_WITH_UNSEEN = f"SELECT b.*, {_UNSPENT} FROM bindings b"  # noqa: S608
_BY_FORMER = (
    f"SELECT b.*, f.spent, f.pin_hash AS came_pin_hash, {_UNSPENT}"  # noqa: S608
    " FROM former_secrets f JOIN bindings b ON b.id = f.binding WHERE f.secret_hash = $1"
)
_SPEND = "UPDATE former_secrets SET spent = 1, pin_hash = NULL WHERE binding = $1 AND spent = 0"
_STILL_OPENS = "UPDATE former_secrets SET at = $2 WHERE secret_hash = $1 AND spent = 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundKey:
    """The passkey of a binding, as `systems/mobywatel/store/devices.py` keeps a phone's."""

    key_id: str
    public_key: bytes = field(repr=False)
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A device's secret as it is kept, and the PIN together with it."""

    hash: bytes = field(default=b"", repr=False)
    pin_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBinding:
    """One binding; `secret` and `pin_hash` are those that its device came with, `present` those it has now.

    They differ when the device came with a former secret (`came_with`), which has its own hash of the PIN. `unseen`:
    the device has not yet come with the present secret.
    """

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
    came_with: CameWith = CameWith.PRESENT
    secret: bytes = field(default=b"", repr=False, compare=False)
    present: Secret = field(default_factory=Secret, repr=False, compare=False)
    unseen: bool = False


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
                "pin_hash": new.pin_hash,
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
        """The binding of the device that comes with this secret, present or former; ended or not."""
        hashed = secret_hash(secret)
        row = await self.database.one(_WITH_UNSEEN + " WHERE b.secret_hash = $1", hashed)
        if row is not None:
            return self._from_row(row)
        row = await self.database.one(_BY_FORMER, hashed)
        if row is None:
            return None
        came_with = CameWith.SPENT if row["spent"] else CameWith.FORMER
        kept = self._from_row(row)
        return replace(kept, came_with=came_with, secret=hashed, pin_hash=row["came_pin_hash"])

    async def load(self, binding_id: str, within: Transaction | None = None) -> KeptBinding | None:
        """One binding, ended or not."""
        row = await (within or self.database).one(_WITH_UNSEEN + " WHERE b.id = $1", binding_id)
        return self._from_row(row) if row else None

    async def of_account(self, account: str) -> list[KeptBinding]:
        """An account's bindings that nobody ended, oldest first; those that lay unused too long are among them."""
        sql = _WITH_UNSEEN + " WHERE account = $1 AND ended_at IS NULL ORDER BY added_at, id"
        return [self._from_row(row) for row in await self.database.all(sql, account)]

    async def of_subject(self, issuer: str, subject: str, within: Transaction) -> list[KeptBinding]:
        """The bindings that rest on a provider's word about one person."""
        sql = _WITH_UNSEEN + " WHERE issuer = $1 AND subject = $2 AND ended_at IS NULL ORDER BY id"
        return [self._from_row(row) for row in await within.all(sql, issuer, subject)]

    async def count(self, writer: Writer, before: KeptBinding, after: Binding) -> None:
        """Count a try before its PIN is compared; raises `Stale` when another one was counted meanwhile."""
        sql = "UPDATE bindings SET tries = $3 WHERE id = $1 AND tries = $2 AND ended_at IS NULL"
        if not await writer.run(sql, before.id, before.rule.tries, after.tries):
            raise Stale("bindings")

    async def uncount(self, writer: Writer, before: KeptBinding) -> None:
        """Take the last try back, because its PIN was not compared, or was right and opened nothing."""
        sql = "UPDATE bindings SET tries = $3 WHERE id = $1 AND tries = $2 AND ended_at IS NULL"
        await writer.run(sql, before.id, before.rule.tries + 1, before.rule.tries)

    async def open(
        self, transaction: Transaction, kept: KeptBinding, *, uses: int, secret: str, pin_hash: str | None, now: int
    ) -> None:
        """Write an opening: no tries, a new secret, and the present one moves to `former_secrets`; raises `Stale`.

        A device that came with the present secret has seen it, so all former ones are spent.
        """
        sql = (
            "UPDATE bindings SET tries = 0, used_at = $4, uses = $5, secret_hash = $6, pin_hash = $7"
            " WHERE id = $1 AND uses = $2 AND secret_hash = $3 AND ended_at IS NULL"
        )
        before, present = kept.key.uses if kept.key else 0, kept.present
        if not await transaction.run(sql, kept.id, before, present.hash, now, uses, secret_hash(secret), pin_hash):
            raise Stale("bindings")
        if kept.came_with is CameWith.PRESENT:
            await transaction.run(_SPEND, kept.id)
        elif not await transaction.run(_STILL_OPENS, kept.secret, now):
            raise Stale("former_secrets")
        former = {"secret_hash": present.hash, "pin_hash": present.pin_hash, "binding": kept.id, "spent": 0, "at": now}
        await transaction.insert(Insert("former_secrets", former))

    async def seen(self, kept: KeptBinding) -> None:
        """Spend all former secrets, because the device came with its present one."""
        async with self.database.transaction() as transaction:
            sql = "UPDATE bindings SET secret_hash = secret_hash WHERE id = $1 AND secret_hash = $2"  # one at a time
            if await transaction.run(sql, kept.id, kept.present.hash):
                await transaction.run(_SPEND, kept.id)

    async def end(self, writer: Writer, binding_id: str, by: BindingEnd, now: int) -> bool:
        """End a binding and delete its key and PIN; False when it had ended before."""
        sql = (
            "UPDATE bindings SET ended_at = $2, ended_by = $3, pin_hash = NULL, public_key = NULL"
            " WHERE id = $1 AND ended_at IS NULL"
        )
        ended = await writer.run(sql, binding_id, now, by.value) > 0
        await writer.run(_SPEND, binding_id)
        return ended

    def _from_row(self, row: Row) -> KeptBinding:
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
            pin_hash=row["pin_hash"],
            secret=bytes(row["secret_hash"]),
            present=Secret(hash=bytes(row["secret_hash"]), pin_hash=row["pin_hash"]),
            unseen=row["former"] > 0,
        )


def _context(binding_id: str) -> str:
    return f"bindings.owner:{binding_id}"

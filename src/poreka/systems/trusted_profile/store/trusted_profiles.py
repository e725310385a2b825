"""Trusted profiles: at most one valid one for each PESEL, which is sealed and found by a blind index.

Every change is guarded by the version that was read (`Stale`). A profile ends by itself when its time has passed; rows
are brought up to date where that matters (`make_room`) and now and then (`end_overdue`), and every reader looks at the
time itself, hence the clock. Owners sign in by user name or e-mail: it fits `CustomerRecords`, so that the same
sign-in and release serve profiles and a bank's customers. The rules: `systems/trusted_profile/rules/profile.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from poreka.contracts.desk_words import TrustedProfileState
from poreka.provider.rules.eligibility import AccountRole
from poreka.provider.store.customer_directory import Customer
from poreka.provider.store.customers import Credentials
from poreka.rules.levels import Level
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.trusted_profile.rules.profile import EndedBy, TrustedProfile, as_of, is_valid


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedProfile:
    """A profile with what its owner signs in with and is reached by."""

    id: str
    profile: TrustedProfile
    user_name: str
    password_hash: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    contact_changed_at: int | None = None  # phone or e-mail
    version: int = 1

    def under(self, profile: TrustedProfile) -> "OwnedProfile":
        """The same, with what a rule made of the profile."""
        return replace(self, profile=profile)


@dataclass(frozen=True, slots=True)
class TrustedProfiles:
    """The profiles of one system."""

    database: Database
    seal: Seal
    fresh: Fresh
    clock: Callable[[], int]

    def adding(self, new: OwnedProfile) -> Insert:
        """The row of a new profile; `AlreadyThere` when the person has a valid one or the user name is taken."""
        rule = new.profile
        values: dict[str, Value] = {"id": new.id, "version": new.version, "applied_at": rule.applied_at}
        return Insert("trusted_profiles", {**values, **self._changing(new)})

    async def make_room(self, transaction: Transaction, pesel: Pesel, user_name: str) -> None:
        """Write down which earlier profiles have ended by themselves: they must not block a new one (T2)."""
        await transaction.run(
            f"{_END_OVERDUE} AND (pesel_index = $2 OR user_name = $3)", self.clock(), self.index_of(pesel), user_name
        )

    async def end_overdue(self) -> int:
        """Write down which profiles and applications have ended by themselves; returns how many."""
        return await self.database.run(_END_OVERDUE, self.clock())

    async def load(self, profile_id: str, within: Transaction | None = None) -> OwnedProfile | None:
        """One profile, as it stands now."""
        row = await (within or self.database).one("SELECT * FROM trusted_profiles WHERE id = $1", profile_id)
        return self._from_row(row) if row else None

    async def valid_of(self, pesel: Pesel, within: Transaction | None = None) -> OwnedProfile | None:
        """The person's valid profile, locked or not."""
        sql = "SELECT * FROM trusted_profiles WHERE pesel_index = $1 AND state = 'valid' AND until > $2"
        row = await (within or self.database).one(sql, self.index_of(pesel), self.clock())
        return self._from_row(row) if row else None

    async def proven_of(self, pesel: Pesel, within: Transaction | None = None) -> OwnedProfile | None:
        """The person's newest profile that has ever vouched, ended or not: its facts were proven once, and its contact
        data are the owner's. One that ended before it began to vouch is none."""
        sql = (
            "SELECT * FROM trusted_profiles WHERE pesel_index = $1 AND valid_from <= $2"
            " AND (ended_at IS NULL OR ended_at >= valid_from) ORDER BY valid_from DESC, id DESC LIMIT 1"
        )
        row = await (within or self.database).one(sql, self.index_of(pesel), self.clock())
        return self._from_row(row) if row else None

    async def last_of(self, pesel: Pesel) -> OwnedProfile | None:
        """The person's newest profile or application, ended or not."""
        sql = "SELECT * FROM trusted_profiles WHERE pesel_index = $1 ORDER BY applied_at DESC, id DESC LIMIT 1"
        row = await self.database.one(sql, self.index_of(pesel))
        return self._from_row(row) if row else None

    async def shares_contact(self, owned: OwnedProfile) -> bool:
        """Whether somebody else's profile or application, ended or not, has the same phone or e-mail."""
        sql = "SELECT 1 FROM trusted_profiles WHERE pesel_index <> $1 AND (phone = $2 OR email_index = $3) LIMIT 1"
        index = self.index_of(owned.profile.facts.pesel)
        return await self.database.one(sql, index, owned.phone, owned.email.lower()) is not None

    async def waiting(self, most: int) -> list[OwnedProfile]:
        """Applications that wait for a clerk, the one that lapses first first."""
        sql = "SELECT * FROM trusted_profiles WHERE state = 'applied' AND until > $1 ORDER BY until, id LIMIT $2"
        return [self._from_row(row) for row in await self.database.all(sql, self.clock(), most)]

    async def name_taken(self, user_name: str) -> bool:
        """Whether somebody's profile or application has this user name now."""
        sql = "SELECT 1 FROM trusted_profiles WHERE user_name = $1 AND state IN ('applied', 'valid') AND until > $2"
        return await self.database.one(sql, user_name, self.clock()) is not None

    async def to_remind(self, most: int) -> list[OwnedProfile]:
        """Valid profiles whose owners are to be reminded by now, at most so many."""
        sql = "SELECT * FROM trusted_profiles WHERE state = 'valid' AND remind_at <= $1 AND until > $1 LIMIT $2"
        return [self._from_row(row) for row in await self.database.all(sql, self.clock(), most)]

    async def save(self, writer: Writer, before: OwnedProfile, after: OwnedProfile) -> OwnedProfile:
        """Put a changed profile in place of the one that was read; raises `Stale`."""
        values = self._changing(after)
        changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=3))
        sql = f"UPDATE trusted_profiles SET {changes}, version = version + 1 WHERE id = $1 AND version = $2"  # noqa: S608
        if not await writer.run(sql, before.id, before.version, *values.values()):
            raise Stale("trusted_profiles")
        return replace(after, version=before.version + 1)

    # --- as a directory of customers (`provider/store/customers.py`) --------------------------------------

    async def by_id(self, customer_id: str) -> Customer | None:
        """The owner of a profile that vouches now."""
        found = await self.load(customer_id)
        return _as_customer(found) if found and is_valid(found.profile, self.clock()) else None

    async def named(self, name: str) -> OwnedProfile | None:
        """The profile that vouches, by its user name or e-mail; an e-mail of two people is nobody's."""
        sql = "SELECT * FROM trusted_profiles WHERE state = 'valid' AND until > $2 AND "
        column = "email_index" if "@" in name else "user_name"
        rows = await self.database.all(f"{sql}{column} = $1 LIMIT 2", name.strip().lower(), self.clock())
        if len(rows) != 1:
            return None
        found = self._from_row(rows[0])
        return found if is_valid(found.profile, self.clock()) else None

    async def to_sign_in(self, number: str) -> tuple[Customer, Credentials] | None:
        """Whose user name or e-mail this is, and what theirs is compared with."""
        found = await self.named(number)
        if found is None:
            return None
        return _as_customer(found), Credentials(
            password_hash=found.password_hash, identifier_kind="pesel", identifier=""
        )

    async def some_password_hash(self) -> str | None:
        """Any owner's hash."""
        row = await self.database.one("SELECT password_hash FROM trusted_profiles LIMIT 1")
        return row["password_hash"] if row else None

    # --- rows ------------------------------------------------------------------------------------------------

    def _changing(self, owned: OwnedProfile) -> dict[str, Value]:
        rule = owned.profile
        return {
            "state": rule.state.value,
            "first_name": rule.facts.first_name,
            "surname": rule.facts.surname,
            "pesel": self.seal.seal(rule.facts.pesel.digits.encode(), _context(owned.id), self.fresh.bytes(12)),
            "pesel_index": self.index_of(rule.facts.pesel),
            "user_name": owned.user_name,
            "password_hash": owned.password_hash,
            "phone": owned.phone,
            "email": owned.email,
            "email_index": owned.email.lower(),
            "contact_changed_at": owned.contact_changed_at,
            "made_by": rule.made_by,
            "valid_from": rule.valid_from,
            "until": rule.until,
            "extended_at": rule.extended_at,
            "remind_at": rule.remind_at,
            "locked_at": rule.locked_at,
            "ended_at": rule.ended_at,
            "ended_by": rule.ended_by.value if rule.ended_by else None,
        }

    def index_of(self, pesel: Pesel) -> bytes:
        """By what a PESEL is found here, and two are compared, without being told."""
        return self.seal.index(pesel.digits, "pesel")

    def _from_row(self, row: Row) -> OwnedProfile:
        pesel = Pesel(self.seal.unseal(row["pesel"], _context(row["id"])).decode())
        rule = TrustedProfile(
            facts=PersonFacts(first_name=row["first_name"], surname=row["surname"], pesel=pesel),
            state=TrustedProfileState(row["state"]),
            applied_at=row["applied_at"],
            until=row["until"],
            made_by=row["made_by"],
            valid_from=row["valid_from"],
            extended_at=row["extended_at"],
            remind_at=row["remind_at"],
            locked_at=row["locked_at"],
            ended_at=row["ended_at"],
            ended_by=EndedBy(row["ended_by"]) if row["ended_by"] else None,
        )
        return OwnedProfile(
            id=row["id"],
            profile=as_of(rule, self.clock()),
            user_name=row["user_name"],
            password_hash=row["password_hash"],
            phone=row["phone"],
            email=row["email"],
            contact_changed_at=row["contact_changed_at"],
            version=row["version"],
        )


_END_OVERDUE = (
    "UPDATE trusted_profiles SET state = CASE WHEN state = 'valid' THEN 'expired' ELSE 'lapsed' END,"
    " ended_at = until, version = version + 1 WHERE state IN ('applied', 'valid') AND until <= $1"
)


def _as_customer(owned: OwnedProfile) -> Customer:
    facts = owned.profile.facts
    return Customer(
        id=owned.id,
        number=owned.user_name,
        first_name=facts.first_name,
        surname=facts.surname,
        pesel=facts.pesel,
        phone=owned.phone,
        email=owned.email,
        identity_verified=True,
        account_role=AccountRole.OWNER,
        sms_active=True,
        opened_by_transfer=False,
        sim_replaced_at=None,
        identity_verified_at=owned.profile.valid_from,
        identity_assurance=Level.SUBSTANTIAL,  # a bank's word at that level, or a clerk who saw the document
    )


def _context(profile_id: str) -> str:
    return f"trusted_profiles.pesel:{profile_id}"

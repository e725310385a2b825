"""The portal's profiles: one open profile for each PESEL, which is sealed and found by a blind index.

Every change is guarded by the version that was read, so that two tabs or a late upgrade cannot undo
one another (`Stale`). What may become of a profile is `systems.portal.rules.profile`; none is ever deleted.
"""

from dataclasses import dataclass, field, replace

from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Insert, Row, Stale, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile with its owner's contact data; only self-registered ones have login and password."""

    id: str
    profile: PortalProfile
    login: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str = field(repr=False)
    electronic_information: bool
    created_at: int
    last_entry_at: int | None = None
    contact_changed_at: int | None = None  # the e-mail address
    version: int = 1

    def closed(self, rule: PortalProfile) -> "Profile":
        """The same, closed: nobody signs in to it with a password any more, and its login is free again."""
        return replace(self, profile=rule, login=None, password_hash=None)


@dataclass(frozen=True, slots=True)
class Profiles:
    """The profiles of one portal."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, new: Profile) -> Insert:
        """The row of a new profile; `AlreadyThere` when the person has an open one or the login is taken."""
        facts, rule = new.profile.facts, new.profile
        values: dict[str, Value] = {
            "id": new.id,
            "state": rule.state.value,
            "first_name": facts.first_name,
            "surname": facts.surname,
            "pesel": self.seal.seal(facts.pesel.digits.encode(), _context(new.id), self.fresh.bytes(12)),
            "pesel_index": self._index(facts.pesel),
            "login": new.login,
            "password_hash": new.password_hash,
            "phone": new.phone,
            "email": new.email,
            "terms_version": rule.terms_version,
            "electronic_information": new.electronic_information,
            "created_at": new.created_at,
            "trusted_at": rule.trusted_at,
            "trusted_by": rule.trusted_by,
            "closed_at": rule.closed_at,
            "last_entry_at": new.last_entry_at,
            "contact_changed_at": new.contact_changed_at,
            "version": new.version,
        }
        return Insert("profiles", values)

    async def by_id(self, profile_id: str) -> Profile | None:
        """One profile."""
        row = await self.database.one("SELECT * FROM profiles WHERE id = $1", profile_id)
        return self._from_row(row) if row else None

    async def by_login(self, login: str) -> Profile | None:
        """The profile with this login, in the form `rules.people.login_name` gives it."""
        row = await self.database.one("SELECT * FROM profiles WHERE login = $1", login)
        return self._from_row(row) if row else None

    async def by_pesel(self, pesel: Pesel) -> Profile | None:
        """The person's open profile, else the one closed last."""
        row = await self.database.one(
            "SELECT * FROM profiles WHERE pesel_index = $1"
            " ORDER BY CASE WHEN state = 'closed' THEN 1 ELSE 0 END, closed_at DESC LIMIT 1",
            self._index(pesel),
        )
        return self._from_row(row) if row else None

    async def untrusted_since(self, moment: int, most: int) -> list[Profile]:
        """Untrusted profiles made at that moment or before, the oldest first, at most so many."""
        sql = "SELECT * FROM profiles WHERE state = 'untrusted' AND created_at <= $1 ORDER BY created_at LIMIT $2"
        return [self._from_row(row) for row in await self.database.all(sql, moment, most)]

    async def count(self) -> int:
        """How many open profiles there are. It counts rows: keep the answer for a while."""
        row = await self.database.one("SELECT count(*) AS number FROM profiles WHERE state <> 'closed'")
        return int(row["number"]) if row else 0

    async def save(self, writer: Writer, before: Profile, after: Profile) -> Profile:
        """Write all but the facts, which nothing changes here; raises `Stale` when `before` moved on."""
        rule = after.profile
        changed = await writer.run(
            "UPDATE profiles SET state = $3, password_hash = $4, phone = $5, email = $6, terms_version = $7,"
            " electronic_information = $8, trusted_at = $9, trusted_by = $10, closed_at = $11, login = $12,"
            " contact_changed_at = $13,"
            " version = version + 1 WHERE id = $1 AND version = $2",
            before.id,
            before.version,
            rule.state.value,
            after.password_hash,
            after.phone,
            after.email,
            rule.terms_version,
            after.electronic_information,
            rule.trusted_at,
            rule.trusted_by,
            rule.closed_at,
            after.login,
            after.contact_changed_at,
        )
        if not changed:
            raise Stale("profiles")
        return replace(after, version=before.version + 1)

    async def entered(self, writer: Writer, profile: Profile, now: int) -> None:
        """Write down an entry, which is no change that others must notice; `Stale` when the profile moved on.

        Somebody who was proven by a password that was changed meanwhile does not get in by it.
        """
        sql = "UPDATE profiles SET last_entry_at = $3 WHERE id = $1 AND version = $2"
        if not await writer.run(sql, profile.id, profile.version, now):
            raise Stale("profiles")

    def _index(self, pesel: Pesel) -> bytes:
        return self.seal.index(pesel.digits, "pesel")

    def _from_row(self, row: Row) -> Profile:
        pesel = Pesel(self.seal.unseal(row["pesel"], _context(row["id"])).decode())
        rule = PortalProfile(
            facts=PersonFacts(first_name=row["first_name"], surname=row["surname"], pesel=pesel),
            state=ProfileState(row["state"]),
            terms_version=row["terms_version"],
            trusted_by=row["trusted_by"],
            trusted_at=row["trusted_at"],
            closed_at=row["closed_at"],
        )
        return Profile(
            id=row["id"],
            profile=rule,
            login=row["login"],
            password_hash=row["password_hash"],
            phone=row["phone"],
            email=row["email"],
            electronic_information=bool(row["electronic_information"]),
            created_at=row["created_at"],
            last_entry_at=row["last_entry_at"],
            contact_changed_at=row["contact_changed_at"],
            version=row["version"],
        )


def _context(profile_id: str) -> str:
    return f"profiles.pesel:{profile_id}"

"""Applications for trusted profiles that a clerk decides about: their numbers, and what was decided (T1).

The application's own row is the profile's (`trusted_profiles.py`), in the state `applied`.
"""

from dataclasses import dataclass

from poreka.store.database import Database, Insert


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileApplication:
    """One application; `number` is what its owner names to the clerk."""

    profile_id: str
    number: str


@dataclass(frozen=True, slots=True)
class ProfileApplications:
    """The applications of one system."""

    database: Database

    def adding(self, new: ProfileApplication) -> Insert:
        """The row of a new application; `AlreadyThere` in the unlikely case that its number is another's."""
        return Insert("profile_applications", {"profile_id": new.profile_id, "number": new.number})

    async def by_number(self, number: str) -> ProfileApplication | None:
        """The application with this number."""
        row = await self.database.one("SELECT * FROM profile_applications WHERE number = $1", number)
        return ProfileApplication(profile_id=row["profile_id"], number=row["number"]) if row else None

"""Acceptances of the portal's regulations: which version, which boxes, when. They are only ever added.

Which answer is an acceptance is `systems/portal/rules/terms.py`.
"""

from dataclasses import dataclass

import msgspec

from poreka.store.database import Database, Insert, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsAcceptance:
    """One acceptance; `boxes` are the names of those that were ticked."""

    profile_id: str
    terms_version: str
    boxes: tuple[str, ...]
    accepted_at: int


@dataclass(frozen=True, slots=True)
class TermsAcceptances:
    """The acceptances of one portal."""

    database: Database

    def adding(self, acceptance: TermsAcceptance) -> Insert:
        """The row of an acceptance."""
        values: dict[str, Value] = {
            "profile_id": acceptance.profile_id,
            "terms_version": acceptance.terms_version,
            "boxes": msgspec.json.encode(acceptance.boxes).decode(),
            "accepted_at": acceptance.accepted_at,
        }
        return Insert("terms_acceptances", values)

    async def of_profile(self, profile_id: str) -> list[TermsAcceptance]:
        """A profile's acceptances, newest first."""
        sql = "SELECT * FROM terms_acceptances WHERE profile_id = $1 ORDER BY accepted_at DESC"
        return [
            TermsAcceptance(
                profile_id=profile_id,
                terms_version=row["terms_version"],
                boxes=msgspec.json.decode(row["boxes"], type=tuple[str, ...]),
                accepted_at=row["accepted_at"],
            )
            for row in await self.database.all(sql, profile_id)
        ]

"""Forms sent after their session had ended: kept, sealed, for the same person and browser (Z8).

Which forms may be kept is said by `systems/portal/routes.py`; a password never is.
"""

from dataclasses import dataclass, field

import msgspec

from poreka.store.database import Database, Insert, Row, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """What was typed; `form` names the page it belongs to, `fields` are names and values in order."""

    id: str
    browser_hash: bytes
    person_id: str
    form: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    expires_at: int


@dataclass(frozen=True, slots=True)
class KeptForms:
    """The kept forms of one portal."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, kept: KeptForm) -> Insert:
        """The row of a form to keep."""
        values: dict[str, Value] = {
            "id": kept.id,
            "browser_hash": kept.browser_hash,
            "person_id": kept.person_id,
            "form": kept.form,
            "fields": self.seal.seal(msgspec.json.encode(kept.fields), _context(kept.id), self.fresh.bytes(12)),
            "expires_at": kept.expires_at,
        }
        return Insert("kept_forms", values)

    async def waiting(self, browser_hash: bytes, person_id: str, now: int) -> list[KeptForm]:
        """What this person had typed in this browser, left where it is; oldest first."""
        rows = await self.database.all(
            "SELECT * FROM kept_forms WHERE browser_hash = $1 AND person_id = $2 AND expires_at > $3 ORDER BY id",
            browser_hash,
            person_id,
            now,
        )
        return [self._from_row(row) for row in rows]

    async def rebind(self, writer: Writer, person_id: str, before: bytes, after: bytes) -> None:
        """The browser in which this person typed has another secret from now on."""
        sql = "UPDATE kept_forms SET browser_hash = $3 WHERE person_id = $1 AND browser_hash = $2"
        await writer.run(sql, person_id, before, after)

    async def forget(self, writer: Writer, browser_hash: bytes, person_id: str, form: str) -> int:
        """A form was sent after all: what was kept of it goes; returns how many."""
        sql = "DELETE FROM kept_forms WHERE browser_hash = $1 AND person_id = $2 AND form = $3"
        return await writer.run(sql, browser_hash, person_id, form)

    def _from_row(self, row: Row) -> KeptForm:
        fields = self.seal.unseal(row["fields"], _context(row["id"]))
        return KeptForm(
            id=row["id"],
            browser_hash=row["browser_hash"],
            person_id=row["person_id"],
            form=row["form"],
            fields=msgspec.json.decode(fields, type=tuple[tuple[str, str], ...]),
            expires_at=row["expires_at"],
        )


def _context(form_id: str) -> str:
    return f"kept_forms.fields:{form_id}"

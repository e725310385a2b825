"""Questions that people asked the office from the portal; their text is sealed.

Answering them is the office's own affair and not part of this.
"""

from dataclasses import dataclass, field

from poreka.store.database import Database, Insert, Value
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `subject` is one of the subjects that the form offers."""

    id: str
    profile_id: str
    subject: str
    body: str = field(repr=False)
    asked_at: int


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of one portal."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, question: Question) -> Insert:
        """The row of a question."""
        values: dict[str, Value] = {
            "id": question.id,
            "profile_id": question.profile_id,
            "subject": question.subject,
            "body": self.seal.seal(question.body.encode(), _context(question.id), self.fresh.bytes(12)),
            "asked_at": question.asked_at,
        }
        return Insert("questions", values)

    async def of_profile(self, profile_id: str) -> list[Question]:
        """A profile's questions, newest first."""
        sql = "SELECT * FROM questions WHERE profile_id = $1 ORDER BY asked_at DESC, id DESC"
        return [
            Question(
                id=row["id"],
                profile_id=profile_id,
                subject=row["subject"],
                body=self.seal.unseal(row["body"], _context(row["id"])).decode(),
                asked_at=row["asked_at"],
            )
            for row in await self.database.all(sql, profile_id)
        ]


def _context(question_id: str) -> str:
    return f"questions.body:{question_id}"

"""How often a customer answered rightly which characters were asked: the next positions follow from it.

Ours wherever the customers are kept, by the customer's id. Nothing yet is zero.
"""

from dataclasses import dataclass

from poreka.store.database import Database, Writer


@dataclass(frozen=True, slots=True)
class RightAnswers:
    """The counts of one bank."""

    database: Database

    async def of(self, customer_id: str) -> int:
        """How often this customer answered rightly."""
        row = await self.database.one("SELECT answers FROM right_answers WHERE customer_id = $1", customer_id)
        return row["answers"] if row else 0

    async def count(self, writer: Writer, customer_id: str, before: int) -> None:
        """Count a right answer; two at the same moment count as one."""
        await writer.run(
            "INSERT INTO right_answers (customer_id, answers) VALUES ($1, $3)"
            " ON CONFLICT (customer_id) DO UPDATE SET answers = $3 WHERE right_answers.answers = $2",
            customer_id,
            before,
            before + 1,
        )

"""Which tool each customer authorises with, what is written down about their tools, and their code cards.

The rules are `rules.authorising.tools` and `rules.authorising.code_card`. Using a code is a guarded UPDATE: of two
operations that were given the same code, one is `Stale`.
"""

from dataclasses import dataclass

from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.tools import Held, Tool
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer


@dataclass(frozen=True, slots=True)
class AuthorisationTools:
    """The tools of one provider's customers."""

    database: Database

    async def current(self, person_id: str, within: Transaction | None = None) -> Tool:
        """The tool a customer chose; SMS codes unless another was chosen."""
        row = await (within or self.database).one("SELECT tool FROM chosen_tools WHERE person_id = $1", person_id)
        return Tool(row["tool"]) if row else Tool.SMS

    async def choose(self, writer: Writer, person_id: str, tool: Tool) -> None:
        """From now on this one."""
        sql = (
            "INSERT INTO chosen_tools (person_id, tool) VALUES ($1, $2) ON CONFLICT (person_id) DO UPDATE SET tool = $2"
        )
        await writer.run(sql, person_id, tool.value)

    async def held(self, person_id: str, within: Transaction | None = None) -> list[Held]:
        """What is written down about a person's tools."""
        sql = "SELECT * FROM held_tools WHERE person_id = $1"
        return [
            Held(
                tool=Tool(row["tool"]),
                usable_from=row["usable_from"],
                blocked=bool(row["blocked"]),
                undoable=bool(row["undoable"]),
            )
            for row in await (within or self.database).all(sql, person_id)
        ]

    async def hold(self, writer: Writer, person_id: str, held: Held) -> None:
        """Write down how a person holds a tool from now on."""
        await writer.run(
            "INSERT INTO held_tools (person_id, tool, usable_from, blocked, undoable) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (person_id, tool) DO UPDATE SET usable_from = $3, blocked = $4, undoable = $5",
            person_id,
            held.tool.value,
            held.usable_from,
            held.blocked,
            held.undoable,
        )

    async def drop(self, writer: Writer, person_id: str, tool: Tool) -> None:
        """A person has this tool no more."""
        await writer.run("DELETE FROM held_tools WHERE person_id = $1 AND tool = $2", person_id, tool.value)

    async def cards(self, person_id: str, within: Transaction | None = None) -> list[CodeCard]:
        """A customer's cards, the oldest first."""
        sql = "SELECT * FROM code_cards WHERE person_id = $1 ORDER BY id"
        return [_card(row) for row in await (within or self.database).all(sql, person_id)]

    def adding(self, person_id: str, card: CodeCard, now: int) -> Insert:
        """The row of a card that is sent now."""
        values: dict[str, Value] = {
            "id": card.id,
            "person_id": person_id,
            "serial": card.serial,
            "next_code": card.next_code,
            "codes": card.codes,
            "blocked": card.blocked,
            "sent_at": now,
        }
        return Insert("code_cards", values)

    async def use(self, writer: Writer, card_id: str, number: int) -> None:
        """This code was given rightly: the next number is asked for from now on; raises `Stale`."""
        changed = await writer.run(
            "UPDATE code_cards SET next_code = next_code + 1 WHERE id = $1 AND next_code = $2 AND NOT blocked",
            card_id,
            number,
        )
        if not changed:
            raise Stale("code_cards")

    async def block(self, writer: Writer, person_id: str) -> int:
        """No code of any card of this customer counts any more; returns how many cards that were."""
        return await writer.run("UPDATE code_cards SET blocked = TRUE WHERE person_id = $1 AND NOT blocked", person_id)


def _card(row: Row) -> CodeCard:
    return CodeCard(
        id=row["id"],
        serial=row["serial"],
        next_code=row["next_code"],
        codes=row["codes"],
        blocked=bool(row["blocked"]),
    )

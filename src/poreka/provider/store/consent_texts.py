"""The texts that people agreed to, each kept once under its hash and never changed.

What a text is: `provider.rules.consent_text`. A consent names its text; together they are the bank's proof of what was
agreed to, so neither is ever deleted.
"""

from dataclasses import dataclass

import msgspec

from poreka.provider.rules.consent_text import ConsentText, text_hash
from poreka.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class ConsentTexts:
    """The texts of one provider's consents."""

    database: Database

    async def keep(self, transaction: Transaction, text: ConsentText) -> str:
        """Keep a text, unless it is there; returns its hash."""
        name = text_hash(text)
        await transaction.run(
            "INSERT INTO consent_texts (hash, document) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
            name,
            msgspec.json.encode(text).decode(),
        )
        return name

    async def load(self, name: str | None) -> ConsentText | None:
        """The text of this hash; None where a consent names none."""
        if name is None:
            return None
        row = await self.database.one("SELECT document FROM consent_texts WHERE hash = $1", name)
        return _text(row["document"]) if row else None

    async def agreed_by(self, person_id: str) -> dict[str, ConsentText]:
        """Every text that a person ever agreed to, by hash."""
        rows = await self.database.all(
            "SELECT hash, document FROM consent_texts"
            " WHERE hash IN (SELECT text_hash FROM consents WHERE person_id = $1)",
            person_id,
        )
        return {row["hash"]: _text(row["document"]) for row in rows}


def _text(document: str) -> ConsentText:
    return msgspec.json.decode(document, type=ConsentText)

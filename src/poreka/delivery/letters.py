"""Letters: what is printed and posted, such as a new code card. A printer takes them from a folder.

One file a letter, `<message id>.txt`, complete as soon as it is there and readable by its owner only; a letter
that comes again is the same file. Whoever prints deletes it.
"""

import asyncio
import os
from pathlib import Path

from poreka.delivery.sender import SendingFailed
from poreka.rules.authorising.code_card import CodeCard, card_text
from poreka.store.database import Insert
from poreka.store.outbox import Message, Outbox

LETTER_LIFE = 30 * 24 * 3600


def card_letter(outbox: Outbox, key: bytes, card: CodeCard, customer_number: str, message_id: str, now: int) -> Insert:
    """The letter with a new card, for the outbox; whoever prints knows the address that belongs to the number."""
    message = Message(
        id=message_id,
        channel="letter",
        recipient=customer_number,
        body=card_text(key, card),
        about=f"card:{card.id}",
        created_at=now,
        due_at=now,
        expires_at=now + LETTER_LIFE,
    )
    return outbox.adding(message)


class PrintFolder:
    """Puts letters into a folder."""

    name = "print"
    recognises = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: Message) -> None:
        """Write one letter; raises `SendingFailed` when the folder cannot be written to."""
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            raise SendingFailed(f"a letter cannot be written: {error.strerror}") from error

    def _write(self, message: Message) -> None:
        unfinished = self._folder / f".{message.id}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{message.recipient}\n\n{message.body}\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / f"{message.id}.txt")

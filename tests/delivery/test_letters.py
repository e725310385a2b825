"""Letters for the printer, and how a new code card becomes one."""

import asyncio
from pathlib import Path

import pytest

from poreka.delivery.letters import PrintFolder
from poreka.delivery.sender import SendingFailed
from poreka.store.outbox import Message

LETTER = Message(
    id="m1", channel="letter", recipient="21570133", body="Karta kodów 12345678\n01: 123456", about="card:c1",
    created_at=0, due_at=0, expires_at=1,
)  # fmt: skip


def test_a_letter_is_one_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    for _ in range(2):  # a letter that comes again is the same file
        asyncio.run(PrintFolder(tmp_path).send(LETTER))
    (file,) = tmp_path.iterdir()
    assert file.name == "m1.txt"
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_text("utf-8") == "21570133\n\nKarta kodów 12345678\n01: 123456\n"


async def test_a_folder_that_is_not_there_is_tried_again_later(tmp_path: Path) -> None:
    with pytest.raises(SendingFailed) as failed:
        await PrintFolder(tmp_path / "missing").send(LETTER)
    assert not failed.value.for_good

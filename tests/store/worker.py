"""A second process on the same database: `python -m tests.store.worker TASK ADDRESS`."""

import asyncio
import sys

from poreka.audit.events import KeysRotated
from poreka.audit.record import AuditLog
from poreka.store.database import AlreadyThere, Database, Insert
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.used_once import claiming
from tests.store.engines import NOW, PARTS, opened

KEY = b"audit key of the tests"


def say(word: object) -> None:
    """Tell the parent, at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def claim_all(database: Database) -> None:
    """Claim the values 0 to 199 and print how many were won."""
    won = 0
    for value in range(200):
        try:
            await database.insert(claiming("shared", str(value), NOW))
        except AlreadyThere:
            continue
        won += 1
    say(won)


async def stop_inside(database: Database) -> None:
    """Stand still in the middle of a transaction, to be killed there."""
    async with database.transaction() as transaction:
        await transaction.insert(claiming("half", "1", NOW), claiming("half", "2", NOW))
        say("inside")
        await asyncio.sleep(60)


async def save_for_ever(database: Database) -> None:
    """Save pairs of rows with an audit event each until killed."""
    audit = AuditLog(database, KEY, lambda: NOW, Fresh().id)
    number = 0
    while True:
        number += 1
        rows: tuple[Insert, ...] = (claiming("left", str(number), NOW), claiming("right", str(number), NOW))
        await audit.save(*rows, event=KeysRotated(person_id=None, kid=str(number)))
        if number == 5:
            say("saving")


async def migrate(database: Database) -> None:
    """Migrate, and print how many files were applied."""
    say(len(await upgrade(database, PARTS, NOW)))


async def main(task: str, address: str) -> None:
    tasks = {work.__name__: work for work in (claim_all, stop_inside, save_for_ever, migrate)}
    database = await opened(address)
    await tasks[task](database)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

"""A second process on the same database: `python -m tests.support.store_worker TASK ADDRESS`."""

import asyncio
import sys

from msgspec import structs

from poreka.audit.events import KeysRotated
from poreka.audit.record import AuditLog
from poreka.provider.store.push_requests import PushRequests
from poreka.rules.authorising.push_request import PushLimits, PushState, open_request
from poreka.store.database import AlreadyThere, Database, Insert
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.used_once import claiming
from tests.support.engines import NOW, PARTS, opened

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


async def ask_the_phone(database: Database) -> None:
    """Open twenty requests for one person, each as soon as no other is open, and end each; fail if two are open."""
    requests, fresh = PushRequests(database), Fresh()
    for _ in range(20):
        name = fresh.id()
        request = open_request(
            request_id=name, person_id="jan", operation_id=name, service="PUE", now=NOW, limits=PushLimits()
        )
        while True:
            try:
                await database.insert(requests.adding(request))
                break
            except AlreadyThere:
                await asyncio.sleep(0.001)
        row = await database.one("SELECT count(*) AS number FROM push_requests WHERE state = 'open'")
        if row is None or row["number"] != 1:
            raise SystemExit("two questions on one phone")
        await requests.end(database, structs.replace(request, state=PushState.REFUSED, ended_at=NOW))


async def migrate(database: Database) -> None:
    """Migrate, and print how many files were applied."""
    say(len(await upgrade(database, PARTS, NOW)))


async def main(task: str, address: str) -> None:
    tasks = {work.__name__: work for work in (claim_all, stop_inside, save_for_ever, ask_the_phone, migrate)}
    database = await opened(address)
    await tasks[task](database)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

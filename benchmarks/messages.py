"""`python -m benchmarks.messages`: how many codes a second one process sends through an SMS centre, on one core.

Worker, outbox and database are the real ones and share core 0; the centre (npm `smpp`) is on core 1. Every message is
the code of an operation of its own: claimed, marked, sent, answered, recorded, its life begun; with reports,
what the centre says of it is stored too.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import uvloop

from benchmarks.database import postgresql
from benchmarks.processes import cpu_seconds, on_core
from poreka.delivery.hand_over import HandOver
from poreka.delivery.smpp import SmppSms
from poreka.delivery.sms_settings import SmppGateway
from poreka.delivery.worker import DeliveryWorker
from poreka.rules.authorising.operation import OperationLimits, issue
from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.operations import Operations, OwnedOperation
from poreka.store.outbox import Message, Outbox, Report
from poreka.store.postgres.engine import open_postgres
from poreka.store.seal import Seal
from poreka.store.sqlite.engine import open_sqlite
from tests.support.sms_centre import PASSWORD, SYSTEM_ID, running_sms_centre

OURS, CENTRE = 0, 1  # cores
NOW = 1_800_000_000
SEAL = Seal({1: bytes(32)})


class Sent(NamedTuple):
    """One round: messages, how long they took, and whose CPU time it was."""

    messages: int
    seconds: float
    worker_cpu: float
    database_cpu: float


async def put(database: Database, outbox: Outbox, first: int, number: int) -> None:
    """Operations whose codes wait; not measured."""
    operations = Operations(database)
    for place in range(first, first + number):
        operation = issue(
            operation_id=f"o{place}", last_today=None, purpose="Logowanie do PUE ZUS", code_hash=b"h" * 32, now=NOW,
            limits=OperationLimits(),
        )  # fmt: skip
        message = Message(
            id=outbox.fresh.id(), channel="sms", recipient=f"{600_000_000 + place}",
            body="15-01-2027 09:00; Logowanie do PUE ZUS; Kod SMS nr 1: 123456", about=f"operation:o{place}:0",
            created_at=NOW, due_at=NOW, expires_at=operation.expires_at,
        )  # fmt: skip
        owned = OwnedOperation(person_id=f"p{place}", journey_id=f"j{place}", operation=operation)
        await database.insert(operations.adding(owned), outbox.adding(message))


async def one_round(database: Database, port: int, first: int, number: int, database_pid: int | None) -> Sent:
    """Send so many codes, and wait until every one is recorded."""
    outbox = Outbox(database, SEAL, Fresh())
    await put(database, outbox, first, number)

    async def told(reference: str, ours: str, report: Report) -> None:
        await outbox.report("centre", ours or await outbox.id_by_reference("centre", reference) or "", report, NOW)

    gateway = SmppGateway(
        name="centre", host="127.0.0.1", port=port, security="none", system_id=SYSTEM_ID, password_file="unused"
    )
    sender = SmppSms(gateway, password=PASSWORD, shown_name="BANK", told=told)
    hand_over = HandOver(database, outbox, Operations(database), {"sms": (sender,)}, lambda: NOW, OperationLimits())
    worker = DeliveryWorker(hand_over)
    worker_cpu, database_cpu = time.process_time(), cpu_seconds(database_pid) if database_pid else 0.0
    began = time.perf_counter()
    worker.start()
    worker.wake()
    open_ones = "SELECT count(*) AS open FROM outbox WHERE dispatched_at IS NULL"
    while (row := await database.one(open_ones)) and row["open"]:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - began
    used = time.process_time() - worker_cpu, (cpu_seconds(database_pid) if database_pid else 0.0) - database_cpu
    await worker.stop()
    await sender.aclose()
    return Sent(number, seconds, *used)


@asynccontextmanager
async def opened(engine: str, folder: Path) -> AsyncIterator[tuple[Database, int | None]]:
    """An empty database of this engine, durable, on our core."""
    if engine == "sqlite":
        database: Database = open_sqlite(folder / "messages.db")
        await upgrade(database, ("shared",), NOW)
        yield database, None
        await database.close()
        return
    with postgresql(folder, OURS) as server:
        database = await open_postgres(server.url)
        await upgrade(database, ("shared",), NOW)
        yield database, server.pid
        await database.close()


async def measure(engine: str, *, rounds: int, number: int, reports: bool) -> list[Sent]:
    """Rounds on one engine, after one that is not counted."""
    with tempfile.TemporaryDirectory() as place, running_sms_centre(quiet=True, core=CENTRE) as centre:
        centre.behave(**({"receipt": "DELIVRD"} if reports else {}))
        async with opened(engine, Path(place)) as (database, pid):
            kept = [await one_round(database, centre.port, at * number, number, pid) for at in range(rounds + 1)]
        if centre.count() != (rounds + 1) * number:
            raise RuntimeError("the centre did not get every message exactly once")
    return kept[1:]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.messages")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=1000, help="in each round")
    asked = parser.parse_args()
    print("engine      reports  messages/s  (worst round)  worker CPU ms  database CPU ms  messages per CPU s")
    for engine in ("sqlite", "postgresql"):
        for reports in (False, True):
            with on_core(OURS):
                kept = uvloop.run(measure(engine, rounds=asked.rounds, number=asked.messages, reports=reports))
            rates = [one.messages / one.seconds for one in kept]
            worker = statistics.median(1000 * one.worker_cpu / one.messages for one in kept)
            database = statistics.median(1000 * one.database_cpu / one.messages for one in kept)
            print(
                f"{engine:<11} {'yes' if reports else 'no':<8} {statistics.median(rates):>9.0f}   {min(rates):>12.0f}"
                f"  {worker:>13.2f}  {database:>15.2f}  {1000 / (worker + database):>18.0f}"
            )


if __name__ == "__main__":
    main()

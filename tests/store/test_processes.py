"""What only several processes can show: one winner, all or nothing when one is killed, and one migration."""

import signal
import subprocess
import sys
from pathlib import Path

from poreka.audit.entries import AuditEntries
from poreka.audit.verify import verify_log
from poreka.store.database import Database
from tests.support.engines import PARTS, Engine, migrated, opened
from tests.support.store_worker import KEY
from tests.support.waiting import PATIENCE, looks_again

ROOT = Path(__file__).parents[2]


def start(task: str, address: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.support.store_worker", task, address]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_after_first_word(process: subprocess.Popen[str]) -> None:
    with process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)


async def count(database: Database, kind: str) -> int:
    row = await database.one("SELECT count(*) AS number FROM used_once WHERE kind = $1", kind)
    return int(row["number"]) if row else 0


async def until_nothing_runs(database: Database) -> None:
    """PostgreSQL finishes what a dead process had sent; SQLite has nobody who could."""
    if database.engine != "postgresql":
        return
    busy = (
        "SELECT count(*) AS number FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()"
    )
    async for _ in looks_again():
        row = await database.one(busy)
        if row is not None and row["number"] == 0:
            return
    raise AssertionError("the sessions of the dead process do not end")


async def test_of_two_processes_each_claim_is_won_by_one(address: str, database: Database) -> None:
    workers = [start("claim_all", address) for _ in range(2)]
    won = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sum(won) == 200
    assert await count(database, "shared") == 200


async def test_a_process_killed_inside_a_transaction_leaves_nothing(address: str, database: Database) -> None:
    kill_after_first_word(start("stop_inside", address))
    assert await count(database, "half") == 0
    other = await opened(address)  # and does not hold anyone up
    assert await other.run("DELETE FROM used_once") == 0
    await other.close()


async def test_a_process_killed_while_saving_leaves_whole_saves(address: str, database: Database) -> None:
    kill_after_first_word(start("save_for_ever", address))
    await until_nothing_runs(database)
    left, right = await count(database, "left"), await count(database, "right")
    verified = await verify_log(AuditEntries(database), KEY)
    assert left == right == verified.entries
    assert left >= 5


async def test_processes_that_start_together_migrate_once(engine: Engine) -> None:
    address = engine.empty()
    workers = [start("migrate", address) for _ in range(3)]
    applied = [worker.communicate(timeout=60)[0] for worker in workers]
    assert all(worker.returncode == 0 for worker in workers), applied
    async with migrated(address) as database:
        row = await database.one("SELECT count(*) AS number FROM migrations")
        assert row is not None
        assert sum(map(int, applied)) == row["number"] >= len(PARTS)

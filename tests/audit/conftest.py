"""The same two engines as in the contract suite of the store."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from tests.support.engines import Engine, migrated


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    made = Engine(request.param, tmp_path, server)
    yield made
    made.drop()


@pytest.fixture
def address(engine: Engine) -> str:
    return engine.empty()


@pytest_asyncio.fixture
async def database(address: str) -> AsyncIterator[Database]:
    async with migrated(address) as opened:
        yield opened


@pytest.fixture
def seal() -> Seal:
    return Seal({1: b"one system's secret, 32 bytes long"})


@pytest.fixture
def fresh() -> Fresh:
    return Fresh()

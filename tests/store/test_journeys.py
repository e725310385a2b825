import asyncio

import pytest

from poreka.store.database import Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.journeys import Journey, Journeys
from poreka.store.seal import Seal
from tests.support.engines import NOW

BROWSER, OTHER = b"b" * 32, b"o" * 32
JOURNEY = Journey(
    id="j1", kind="release", browser_hash=BROWSER, state=b'{"step":1}', created_at=NOW, expires_at=NOW + 1800
)


@pytest.fixture
async def journeys(database: Database, seal: Seal, fresh: Fresh) -> Journeys:
    kept = Journeys(database, seal, fresh)
    await database.insert(kept.adding(JOURNEY))
    return kept


async def test_a_journey_belongs_to_one_browser_and_ends(journeys: Journeys) -> None:
    assert await journeys.load("j1", BROWSER, NOW) == JOURNEY
    assert await journeys.load("j1", OTHER, NOW) is None
    assert await journeys.load("j1", BROWSER, NOW + 1800) is None
    assert await journeys.load("j2", BROWSER, NOW) is None


async def test_saving_moves_the_version_on(database: Database, journeys: Journeys) -> None:
    saved = await journeys.save(database, JOURNEY, b'{"step":2}')
    assert await journeys.load("j1", BROWSER, NOW) == saved
    assert (saved.version, saved.state) == (2, b'{"step":2}')
    with pytest.raises(Stale):
        await journeys.save(database, JOURNEY, b'{"step":3}')
    assert await journeys.load("j1", BROWSER, NOW) == saved


async def test_of_many_tabs_one_saves(database: Database, journeys: Journeys) -> None:
    saves = (journeys.save(database, JOURNEY, b"{}") for _ in range(20))
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert sum(isinstance(outcome, Journey) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 19


async def test_a_stale_save_undoes_what_was_saved_with_it(database: Database, journeys: Journeys) -> None:
    await journeys.save(database, JOURNEY, b"{}")

    async def save_both() -> None:
        second = Journey(id="j2", kind="x", browser_hash=OTHER, state=b"", created_at=NOW, expires_at=NOW + 1)
        async with database.transaction() as transaction:
            await transaction.insert(journeys.adding(second))
            await journeys.save(transaction, JOURNEY, b"{}")

    with pytest.raises(Stale):
        await save_both()
    assert await journeys.load("j2", OTHER, NOW) is None


async def test_a_removed_journey_cannot_be_saved(database: Database, journeys: Journeys) -> None:
    assert await journeys.remove(database, "j1")
    assert not await journeys.remove(database, "j1")
    with pytest.raises(Stale):
        await journeys.save(database, JOURNEY, b"{}")


async def test_a_journey_goes_on_under_its_browsers_new_secret_and_nobody_elses(
    database: Database, journeys: Journeys
) -> None:
    new = b"n" * 32
    await journeys.rebind(database, "j1", OTHER, new)
    assert await journeys.load("j1", new, NOW) is None
    await journeys.rebind(database, "j1", BROWSER, new)
    assert await journeys.load("j1", BROWSER, NOW) is None
    assert await journeys.load("j1", new, NOW) is not None


async def rows(database: Database) -> int:
    row = await database.one("SELECT count(*) AS rows FROM journeys")
    return int(row["rows"]) if row else 0


async def test_a_journey_that_only_began_has_no_row_until_something_is_saved(
    database: Database, journeys: Journeys
) -> None:
    before = await rows(database)
    token = journeys.begin(JOURNEY)
    begun = await journeys.load_begun(token, BROWSER, NOW)
    assert begun is not None
    assert (begun.state, begun.kind, begun.name) == (JOURNEY.state, JOURNEY.kind, token)
    assert await rows(database) == before
    saved = await journeys.save(database, begun, b'{"step":2}')
    assert await rows(database) == before + 1
    assert await journeys.load_begun(token, BROWSER, NOW) == saved
    assert saved.name == token
    kept = await journeys.load(saved.id, BROWSER, NOW)
    assert kept is not None
    assert (kept.state, kept.version, kept.name) == (saved.state, 1, saved.id)
    with pytest.raises(Stale):
        await journeys.save(database, begun, b'{"step":3}')


async def test_of_many_tabs_of_a_journey_that_only_began_one_saves(database: Database, journeys: Journeys) -> None:
    begun = await journeys.load_begun(journeys.begin(JOURNEY), BROWSER, NOW)
    assert begun is not None
    outcomes = await asyncio.gather(*(journeys.save(database, begun, b"{}") for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, Journey) for outcome in outcomes) == 1


async def test_a_journey_that_only_began_is_of_its_browser_and_of_its_time(journeys: Journeys) -> None:
    token = journeys.begin(JOURNEY)
    assert await journeys.load_begun(token, OTHER, NOW) is None
    assert await journeys.load_begun(token, BROWSER, NOW + 1800) is None
    assert JOURNEY.state not in token.encode()


@pytest.mark.parametrize("change", ["cut", "flipped", "foreign", "empty", "letters"])
async def test_a_token_that_is_not_ours_names_no_journey(journeys: Journeys, change: str) -> None:
    token = journeys.begin(JOURNEY)
    forged = {
        "cut": token[:-4],
        "flipped": token[:40] + ("A" if token[40] != "A" else "B") + token[41:],
        "foreign": "A" * 120,
        "empty": "",
        "letters": "ą" * 60,
    }[change]
    assert await journeys.load_begun(forged, BROWSER, NOW) is None

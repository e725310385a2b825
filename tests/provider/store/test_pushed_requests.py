from poreka.provider.store.pushed_requests import PushedRequests
from poreka.store.database import Database
from tests.support import samples
from tests.support.engines import NOW


async def test_a_request_is_found_by_its_reference_for_its_client_in_time(database: Database) -> None:
    requests = PushedRequests(database)
    await database.insert(requests.adding(samples.pushed(), "reference"))
    assert await requests.load("reference", "portal", NOW) == samples.pushed()
    assert await requests.load("reference", "portal", NOW) == samples.pushed()  # reading does not use it up
    assert await requests.load("reference", "other", NOW) is None
    assert await requests.load("reference", "portal", NOW + 60) is None
    assert await requests.load("referencf", "portal", NOW) is None

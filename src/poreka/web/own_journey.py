"""A journey of this browser: begun, and found again by its address; only in the browser it began in, only of its kind.

Every page of a journey begins here, so that none forgets whose it is. What its state means is for the handler.
"""

import msgspec
from starlette.requests import Request

from poreka.store.fresh import ID_LENGTH, secret_hash
from poreka.store.journeys import Journey
from poreka.web.browser.own_cookies import browser_of
from poreka.web.failures import StalePage
from poreka.web.system import System


def begin_journey(
    request: Request, system: System, kind: str, state: msgspec.Struct, until: int, *, journey_id: str = ""
) -> Journey:
    """A journey that begins now in this browser, to be kept by the caller; the answer sets the browser's cookie."""
    browser_hash = secret_hash(browser_of(request, system))
    return system.journeys.new(kind, browser_hash, state, system.clock(), until, journey_id)


async def own_journey(request: Request, system: System, kind: str, journey_id: str | None = None) -> Journey:
    """The journey of this browser, named by the address unless it is named here; raises `StalePage`."""
    browser = system.cookies.secret(request, "browser")
    if browser is None:
        raise StalePage("no_cookies", 400)
    wanted = request.path_params["journey"] if journey_id is None else journey_id
    load = system.journeys.load if len(wanted) <= ID_LENGTH else system.journeys.load_begun
    journey = await load(wanted, secret_hash(browser), system.clock())
    if journey is None or journey.kind != kind:
        raise StalePage
    return journey

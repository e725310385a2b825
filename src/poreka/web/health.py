"""Whether a system lives and whether it can take work, for whoever balances load or restarts it.

GET /health/live    the process answers
GET /health/ready   it can serve: its database answers and it is not about to end

Anyone may ask; neither tells more than yes (200) or no (503), and neither passes the door.
"""

from starlette.responses import PlainTextResponse, Response

from poreka.store.database import DatabaseUnavailable
from poreka.store.deadline import deadline
from poreka.web.system import System

LIVE, READY = "/health/live", "/health/ready"
HEALTH = frozenset((LIVE, READY))
LOOK_SECONDS = 2.0


async def health_of(path: str, system: System) -> Response:
    """The answer at one of the two addresses."""
    if path == LIVE:
        return PlainTextResponse("live\n")
    if system.door.closing:
        return PlainTextResponse("not ready: ending\n", 503)
    try:
        with deadline(LOOK_SECONDS):
            await system.database.one("SELECT 1")
    except DatabaseUnavailable:
        return PlainTextResponse("not ready: database\n", 503)
    return PlainTextResponse("ready\n")

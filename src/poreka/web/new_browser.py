"""Another secret for the browser whenever somebody signs in in it: whoever knew or planted the earlier one has nothing.

Journeys and form tokens are bound to the browser's secret. What the sign-in leads on to goes with the browser, in the
sign-in's own transaction; pages in other tabs are stale from then on, and say so. Signing out: `sessions.py`.
"""

from starlette.requests import Request

from poreka.store.database import Writer
from poreka.store.fresh import secret_hash
from poreka.web.system import System


async def renew_browser(request: Request, system: System, writer: Writer, *leads_to: str) -> str:
    """The new secret, to be set with the session's; the journeys that these addresses name go on under it."""
    fresh, before = system.fresh.secret(), system.cookies.secret(request, "browser")
    if before is not None:
        named = {part for address in leads_to for part in address.partition("?")[0].split("/") if part}
        for journey_id in sorted(named):
            await system.journeys.rebind(writer, journey_id, secret_hash(before), secret_hash(fresh))
    return fresh

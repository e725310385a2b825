"""The entry a request belongs to: loaded for the browser that began it, and written back once.

Whatever is missing, another browser's, or over gets the page for stale sign-ins.
"""

from dataclasses import dataclass

from starlette.requests import Request

from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.systems.portal.rules.entry_record import KIND, EntryRecord, read
from poreka.systems.portal.settings import PortalTable
from poreka.systems.portal.system import Portal
from poreka.web.failures import StalePage


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An entry as it was read."""

    journey: Journey
    record: EntryRecord

    @property
    def address(self) -> str:
        """The page that shows the step it stands at."""
        return f"/entry/{self.journey.id}"


async def load(request: Request, system: Portal) -> UnderWay:
    """The entry of this address and browser; raises `StalePage`."""
    browser = system.cookies.secret(request, "browser")
    if browser is None:
        raise StalePage("sign_in_stale")
    name = request.path_params["journey"]
    journey = await system.journeys.load(name, secret_hash(browser), system.clock())
    if journey is None or journey.kind != KIND:
        raise StalePage("sign_in_stale")
    return UnderWay(journey, read(journey.state))


def about(system: Portal) -> PortalTable:
    """The portal's own settings: the regulations in force among them."""
    return system.settings.portal

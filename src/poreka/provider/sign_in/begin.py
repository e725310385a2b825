"""GET /sign-in: a sign-in begins, for a release, for a page of ours, or for itself.

For a release the form is always shown: the release has decided that a sign-in is needed. For a page
of ours a living session goes straight on. The first page is at /sign-in/{journey}.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.release.stored import Release, read_release
from poreka.provider.sign_in.standing import JOURNEY_SECONDS, KIND, SignIn
from poreka.provider.system import Bank
from poreka.web.browser.own_path import own_path
from poreka.web.browser.redirect import redirect
from poreka.web.forms import once, query_pairs
from poreka.web.own_journey import begin_journey, own_journey
from poreka.web.sessions import session_of

LONGEST_NEXT = 400  # it goes into an address with the rest of the sign-in


async def begin(request: Request, bank: Bank) -> Response:
    """GET /sign-in."""
    asked = once(query_pairs(request), ("release", "next", "lang"))
    if asked["release"]:
        release = await _release(request, bank, asked["release"])
        sign_in = SignIn(release=asked["release"], client_id=release.wish.service, protocol=release.protocol)
        return await _begin(request, bank, sign_in)
    destination = (own_path(asked["next"]) if len(asked["next"]) <= LONGEST_NEXT else None) or "/"
    if await session_of(request, bank) is not None:
        return redirect(request, bank, destination)
    timed_out = bank.cookies.secret(request, "session") is not None
    return await _begin(request, bank, SignIn(next=destination, timed_out=timed_out))


async def _release(request: Request, bank: Bank, release_id: str) -> Release:
    """The release that this browser is in the middle of; raises `StalePage`."""
    journey = await own_journey(request, bank, "release", release_id)
    return read_release(journey.state)


async def _begin(request: Request, bank: Bank, sign_in: SignIn) -> Response:
    """Nothing is kept of it before a form is sent: it stands in its address (`store/journeys.py`)."""
    journey = begin_journey(request, bank, KIND, sign_in, bank.clock() + JOURNEY_SECONDS)
    return redirect(request, bank, f"/sign-in/{bank.journeys.begin(journey)}")

"""Signing in through a bank or Envelo instead of the profile's own password (T3).

POST /sign-in/{journey}/provider/{provider}

The provider is asked for the level substantial: who comes back has used two factors there, and is asked for no code
here. What the service that sent the person here wishes of the sign-in, its age or its level, the provider is asked
for in turn (docs/adr/0030). Where the sign-in was to lead is kept with the question, and is a page of ours.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.jwt_claims import SIGN_IN_SKEW
from poreka.relying.sign_in.set_out import go_to
from poreka.rules.anothers_word import age_to_ask
from poreka.rules.levels import Level
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.own_form import read_form
from poreka.web.failures import PageNotFound
from poreka.web.own_journey import own_journey

SIGN_IN, RELEASE = "bank_sign_in", "release"


class _Destination(msgspec.Struct):
    """As much of a stored sign-in as has to be known of it here; the rest belongs to the sign-in."""

    release: str | None = None
    next: str = "/profile"


class _Wishes(msgspec.Struct):
    """As much of a stored release: what the service wishes of the sign-in."""

    wanted: Level = Level.LOW
    sign_in_since: int = 0
    sign_in_anew: bool = False


class _Release(msgspec.Struct):
    state: _Wishes


NO_WISHES = _Wishes()


async def set_out(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /sign-in/{journey}/provider/{provider}."""
    await read_form(request, pz)
    provider = pz.relying.relied_on.get(request.path_params["provider"])
    if provider is None or not provider.open:
        raise PageNotFound
    target, wishes = await _destination(request, pz)
    max_age = age_to_ask(
        anew=wishes.sign_in_anew,
        since=wishes.sign_in_since,
        now=pz.clock(),
        longest=pz.settings.system.session_seconds,
        tolerance=SIGN_IN_SKEW,
    )
    level = max(Level.SUBSTANTIAL, wishes.wanted)
    return await go_to(request, pz.relying, provider, target=target, level=level, max_age=max_age)


async def _destination(request: Request, pz: TrustedProfileSystem) -> tuple[str, _Wishes]:
    journey = await own_journey(request, pz, SIGN_IN)
    sign_in = msgspec.json.decode(journey.state, type=_Destination)
    if not sign_in.release:
        return sign_in.next, NO_WISHES
    release = await own_journey(request, pz, RELEASE, sign_in.release)
    return f"/release/{sign_in.release}", msgspec.json.decode(release.state, type=_Release).state

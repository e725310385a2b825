"""Signing in through a bank or Envelo instead of the profile's own password (T3).

POST /sign-in/{journey}/provider/{provider}

The provider is asked for the level substantial: who comes back has used two factors there, and is asked for no code
here. Where the sign-in was to lead is kept with the question, and is a page of ours.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.levels import Level
from poreka.web.failures import PageNotFound
from poreka.web.frame import read_form
from poreka.web.own_journey import own_journey
from poreka.web.provider_trouble import go_to
from poreka.web.systems import TrustedProfileSystem

SIGN_IN = "bank_sign_in"


class _Destination(msgspec.Struct):
    """As much of a stored sign-in as has to be known of it here; the rest belongs to the sign-in."""

    release: str | None = None
    next: str = "/profile"


async def set_out(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /sign-in/{journey}/provider/{provider}."""
    await read_form(request, pz)
    provider = pz.relying.relied_on.get(request.path_params["provider"])
    if provider is None or not provider.open:
        raise PageNotFound
    target = await _destination(request, pz)
    return await go_to(request, pz.relying, provider, target=target, level=Level.SUBSTANTIAL)


async def _destination(request: Request, pz: TrustedProfileSystem) -> str:
    journey = await own_journey(request, pz, SIGN_IN)
    sign_in = msgspec.json.decode(journey.state, type=_Destination)
    return f"/release/{sign_in.release}" if sign_in.release else sign_in.next

"""POST /app/devices/removed: the app's back end tells that the owner removed a phone in the app.

docs/phone-devices.openapi.yaml is the contract. A repetition changes nothing but for a second notice, which is
better than none.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.phone_devices import DeviceRemoved
from poreka.oidc.errors import AnsweredAsJson
from poreka.provider.authorising.app_caller import check_app
from poreka.systems.trusted_profile.phones.keeping import Phone, phone_went
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.forms import read_body
from poreka.web.texts import DEFAULT_LANGUAGE


async def take_removal(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /app/devices/removed."""
    check_app(request, pz)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise AnsweredAsJson("invalid_request", "The body must be JSON.", status=415)
    try:
        told = msgspec.json.decode(await read_body(request), type=DeviceRemoved)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AnsweredAsJson("invalid_request", "The body is not as the contract says.", status=400) from None
    found = await pz.profiles.to_sign_in(told.customer)
    owned = await pz.profiles.load(found[0].id) if found else None
    if owned is not None and owned.user_name == told.customer:  # an ended profile has nothing to lose
        await phone_went(
            pz, pz.texts[DEFAULT_LANGUAGE], owned, Phone(told.device, told.name), left=told.left, by="app", proven=True
        )
    return Response(status_code=204)

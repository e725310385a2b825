"""An account's bound devices, listed and removed on the patient account's own pages (K3).

GET  /bound?account=…
POST /bound/{device}/remove
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.account_messages import BoundDevice, BoundDevices, OfAccount
from poreka.rules.device_binding import BindingEnd
from poreka.web.app_caller import check_caller
from poreka.web.asker_door import read_document
from poreka.web.bound_device import bound_to, end_binding
from poreka.web.forms import once, query_pairs
from poreka.web.mojeikp_system import Mojeikp


async def list_devices(request: Request, app: Mojeikp) -> Response:
    """GET /bound?account=…; an account without devices has an empty list, known or not."""
    check_caller(request, app.devices_secret)
    found = await bound_to(app, once(query_pairs(request), ("account",))["account"])
    devices = tuple(
        BoundDevice(id=one.id, name=one.name, tool=one.rule.tool, added_at=one.added_at, used_at=one.rule.used_at)
        for one in found
    )
    return Response(msgspec.json.encode(BoundDevices(devices=devices)), media_type="application/json")


async def remove(request: Request, app: Mojeikp) -> Response:
    """POST /bound/{device}/remove."""
    check_caller(request, app.devices_secret)
    told = await read_document(request, OfAccount)
    kept = await app.bindings.load(request.path_params["device"])
    if kept is None or kept.account != told.account:
        raise AnsweredAsJson("not_found", "There is no such device of this account.", status=404)
    async with app.audit.transaction() as (transaction, record):
        await end_binding(app, transaction, record, kept, BindingEnd.ACCOUNT)
    return Response(status_code=204)

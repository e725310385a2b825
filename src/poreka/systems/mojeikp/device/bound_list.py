"""An account's bound devices, listed and removed on the patient account's own pages (K3).

GET  /bound?account=…
POST /bound/{device}/remove
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.binding import BindingEnd
from poreka.contracts.patient_account import BoundDevice, BoundDevices, OfAccount
from poreka.oidc.errors import AnsweredAsJson
from poreka.provider.authorising.app_caller import check_caller
from poreka.systems.mojeikp.device.bound import bound_to, end_binding
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.door.asker import read_document
from poreka.web.forms import once, query_pairs


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

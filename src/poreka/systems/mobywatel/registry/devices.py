"""The phones of a provider's customer: listing and removing them (T4).

GET  /devices?customer=…
POST /devices/{device}/remove   its key, its sessions and its push subscription are gone with the answer
POST /devices/remove            the same for every phone of the customer: their account there has ended
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.phone_devices import DevicesTold, DeviceTold, ForCustomer
from poreka.oidc.errors import AnsweredAsJson
from poreka.provider.client_sessions import tell_no_longer_vouched
from poreka.rules.warsaw_time import warsaw_moment
from poreka.systems.mobywatel.phones.session_phone import remove_phone
from poreka.systems.mobywatel.registry.asker import asker_of
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.door.asker import read_document
from poreka.web.forms import once, query_pairs


async def list_devices(request: Request, app: Mobywatel) -> Response:
    """GET /devices?customer=…; who has none has an empty list, known or not."""
    asker_of(request, app)
    person = await app.people.of_customer(once(query_pairs(request), ("customer",))["customer"])
    found = await app.devices.of_person(person.id) if person else []
    told = DevicesTold(devices=tuple(_told(device) for device in found))
    return Response(msgspec.json.encode(told), media_type="application/json")


async def remove(request: Request, app: Mobywatel) -> Response:
    """POST /devices/{device}/remove."""
    asker_of(request, app)
    told = await read_document(request, ForCustomer)
    person = await app.people.of_customer(told.customer)
    device = await app.devices.load(request.path_params["device"])
    if person is None or device is None or device.person_id != person.id:
        raise AnsweredAsJson("not_found", "There is no such phone of this customer.", status=404)
    async with app.audit.transaction() as (transaction, record):
        await remove_phone(app, transaction, record, device, by="provider")
    app.wake_delivery()
    return Response(status_code=204)


async def remove_all(request: Request, app: Mobywatel) -> Response:
    """POST /devices/remove; who has none, has none afterwards."""
    asker_of(request, app)
    told = await read_document(request, ForCustomer)
    async with app.audit.transaction() as (transaction, record):
        person = await app.people.of_customer(told.customer, transaction)
        for device in await app.devices.of_person(person.id, transaction) if person else ():
            await remove_phone(app, transaction, record, device, by="provider")
        if person is not None:
            await tell_no_longer_vouched(app, transaction, person.id, about=f"person:{person.id}")
    app.wake_delivery()
    return Response(status_code=204)


def _told(device: Device) -> DeviceTold:
    return DeviceTold(
        id=device.id,
        name=device.name,
        added_at=warsaw_moment(device.added_at),
        used_at=warsaw_moment(device.used_at) if device.used_at else None,
    )

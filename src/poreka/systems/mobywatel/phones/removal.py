"""GET /phones and POST /phones/{device}/remove: every phone of the person, this one marked.

A session of one phone may remove any phone of the same person, without a signature, because a lost phone must be gone
at once. `remove_phone` ends its sessions. The transaction of the removal also puts a `DeviceRemoved` message into the
outbox for every provider at which the app enrols phones.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.phone_devices import DeviceRemoved
from poreka.rules.shown_date import people_time
from poreka.store.database import Insert
from poreka.store.outbox import Message
from poreka.store.sessions import Session
from poreka.systems.mobywatel.phones.session_phone import phone_of, remove_phone
from poreka.systems.mobywatel.store.app_people import AppPerson
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.language import language_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.sessions import clear_session_cookie

LIFE = 3 * 24 * 3600
"""Seconds for which the outbox goes on trying to deliver the message to the provider."""


async def show_phones(request: Request, app: Mobywatel, session: Session) -> Response:
    """GET /phones."""
    phone = await phone_of(app, session)
    if phone is None:
        return clear_session_cookie(redirect(request, app, "/"), app)
    language = language_of(request, app)
    phones = [
        {
            "id": device.id,
            "name": device.name,
            "added": people_time(device.added_at, language),
            "used": people_time(device.used_at, language) if device.used_at else "",
            "this": device.id == phone.id,
        }
        for device in await app.devices.of_person(session.person_id)
    ]
    return show(
        request,
        app,
        "systems/mobywatel/phones/phones.html",
        session=session,
        phones=phones,
        **_push(request, app, phone),
    )


async def remove(request: Request, app: Mobywatel, session: Session) -> Response:
    """POST /phones/{device}/remove."""
    await read_form(request, app)
    own, device = await phone_of(app, session), await app.devices.load(request.path_params["device"])
    person = await app.people.load(session.person_id)
    if own is None or person is None or device is None or device.person_id != person.id:
        raise PageNotFound
    async with app.audit.transaction() as (transaction, record):
        if await remove_phone(app, transaction, record, device, by="app"):
            left = len(await app.devices.of_person(person.id, transaction))
            for asker in app.askers.values():
                if asker.enrols:
                    await transaction.insert(_telling(app, asker.key, person, device, left))
    app.wake_delivery()
    if device.id == own.id:
        return clear_session_cookie(redirect(request, app, "/"), app)
    return redirect(request, app, "/phones")


def _push(request: Request, app: Mobywatel, phone: Device) -> dict[str, Any]:
    """What the page shows about Web Push: whether this phone is subscribed, and how the last change of that went."""
    done = request.query_params.get("push", "")
    return {
        "push_key": app.push_key,
        "push_on": phone.subscription is not None,
        "push_done": done if done in ("on", "off", "failed") else "",
    }


def _telling(app: Mobywatel, asker: str, person: AppPerson, device: Device, left: int) -> Insert:
    """The outbox row that tells a provider of the removal; the channel names the provider it goes to."""
    now, removed = app.clock(), DeviceRemoved(customer=person.customer, device=device.id, name=device.name, left=left)
    message = Message(
        id=app.fresh.id(),
        channel=f"removed:{asker}",
        recipient=person.customer,
        body=msgspec.json.encode(removed).decode(),
        about=f"device:{device.id}",
        created_at=now,
        due_at=now,
        expires_at=now + LIFE,
    )
    return app.outbox.adding(message)

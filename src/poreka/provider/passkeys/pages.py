"""A customer's passkeys, under /settings/security/passkeys.

GET            the list, and the button with which adding one begins: `begin.py`
GET, POST …/new/{journey}        the key is made, once, in the journey that the present tool permitted
GET, POST …/{passkey}/remove     asked once, then done at once: it takes power away and gives none
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.passkeys.listing import end_named_key, list_of, named_key, shown
from poreka.for_everyone.passkeys.own import FIELDS, add_key, form_to_make, kept_by, note_refused
from poreka.provider.authorising.customer_tools import tools_of, tools_of_choice
from poreka.provider.pages.frame import SECURITY, show_inside
from poreka.provider.passkeys.adding import KIND, PASSKEYS_PATH, Adding
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.store.database import AlreadyThere, Stale
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.form_errors import NO_ERRORS, FormErrors
from poreka.web.own_journey import own_journey
from poreka.web.passkeys import PasskeyRefused

INSIDE = (*SECURITY, ("passkeys.title", PASSKEYS_PATH))


async def show_passkeys(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/passkeys."""
    data = await list_of(request, bank, session)
    customer = await _customer(bank, session)
    ready = tools_of_choice(bank, customer, await tools_of(bank, customer.id))
    word = texts_of(request, bank)(f"bank.tools.{ready[0].value}") if ready else ""
    return await show_inside(
        request, bank, session, "provider/passkeys/list.html", way=SECURITY, address=PASSKEYS_PATH, word=word, **data
    )


async def show_making(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/passkeys/new/{journey}."""
    return await _making(request, bank, session, await _permitted(request, bank, session))


async def take_key(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/passkeys/new/{journey}."""
    fields = await read_form(request, bank, *FIELDS, "name")
    journey = await _permitted(request, bank, session)
    try:
        async with bank.audit.transaction() as (transaction, record):
            await add_key(request, bank, transaction, record, session.person_id, _purpose(journey), fields)
            if not await bank.journeys.remove(transaction, journey.id):
                raise Stale("journeys")
    except (PasskeyRefused, AlreadyThere, Stale):
        await note_refused(request, bank, "add", session.person_id)
        return await _making(request, bank, session, journey, fault=True)
    bank.wake_delivery()
    return redirect(request, bank, f"{PASSKEYS_PATH}?done=added")


async def ask_to_remove(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/passkeys/{passkey}/remove."""
    key = shown(await named_key(request, bank, session), texts_of(request, bank))
    template = "provider/passkeys/remove.html"
    return await show_inside(request, bank, session, template, way=INSIDE, address=PASSKEYS_PATH, passkey=key)


async def remove(request: Request, bank: Bank, session: Session) -> Response:
    """POST /settings/security/passkeys/{passkey}/remove."""
    await read_form(request, bank)
    await end_named_key(request, bank, session)
    return redirect(request, bank, f"{PASSKEYS_PATH}?done=removed")


async def _permitted(request: Request, bank: Bank, session: Session) -> Journey:
    """The journey in which the present tool said yes, in this browser and of this customer; raises `StalePage`."""
    kept_by(bank)
    journey = await own_journey(request, bank, KIND)
    if msgspec.json.decode(journey.state, type=Adding).person_id != session.person_id:
        raise StalePage
    return journey


async def _making(request: Request, bank: Bank, session: Session, journey: Journey, *, fault: bool = False) -> Response:
    customer, keys = await _customer(bank, session), await kept_by(bank).of_person(session.person_id)
    name = f"{customer.first_name} {customer.surname[:1]}."
    text = texts_of(request, bank)("passkeys.not_made")
    return await show_inside(
        request,
        bank,
        session,
        "provider/passkeys/making.html",
        way=INSIDE,
        address=f"{PASSKEYS_PATH}/new/{journey.id}",
        errors=FormErrors({"make": text}) if fault else NO_ERRORS,
        **form_to_make(request, bank, customer.id, name, _purpose(journey), keys),
    )


async def _customer(bank: Bank, session: Session) -> Customer:
    customer = await bank.customers.by_id(session.person_id)
    if customer is None:
        raise PageNotFound
    return customer


def _purpose(journey: Journey) -> str:
    return f"passkey-made:{journey.id}"

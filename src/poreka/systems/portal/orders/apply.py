"""GET and POST /orders/new: an application for a certificate about one's insurance becomes an order (Z9).

`order_id` is drawn with the page and becomes the order's id, so that a form which is sent twice makes one order.
What was kept from an ended session (Z8) is shown until it is sent.
"""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from poreka.store.database import AlreadyThere
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.portal.order_events import OrderMade
from poreka.systems.portal.orders.mine import is_trusted
from poreka.systems.portal.rules.certificate_application import (
    LONGEST_ADDRESSEE,
    AddresseeFault,
    Application,
    Purpose,
    document_of,
    file_name,
    read_addressee,
    summary_of,
)
from poreka.systems.portal.rules.order import new_order
from poreka.systems.portal.store.orders import Document, OwnedOrder
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

FORM = "orders/new"
FIELDS = ("purpose", "addressee", "order_id")
_ID = re.compile(r"[0-9a-v]{26}")


async def show_form(request: Request, portal: Portal, session: Session) -> Response:
    """GET /orders/new; who has an untrusted profile is told on the list why there is none."""
    profile = await portal.profiles.by_id(session.person_id)
    if not is_trusted(profile):
        return redirect(request, portal, "/orders")
    kept = await _kept(request, portal, session)
    return _page(request, portal, session, kept or {}, {}, kept=kept is not None)


async def apply(request: Request, portal: Portal, session: Session) -> Response:
    """POST /orders/new."""
    fields = await read_form(request, portal, *FIELDS)
    profile = await portal.profiles.by_id(session.person_id)
    if profile is None or not is_trusted(profile):
        raise PageNotFound
    addressee = read_addressee(fields["addressee"])
    purpose = next((one for one in Purpose if one.value == fields["purpose"]), None)
    faults = {}
    if purpose is None:
        faults["purpose"] = "orders.fault.purpose"
    if isinstance(addressee, AddresseeFault):
        faults["addressee"] = f"orders.fault.addressee_{addressee.value}"
    if purpose is None or isinstance(addressee, AddresseeFault):
        return _page(request, portal, session, fields, faults)
    owned = await _made(portal, profile, purpose, addressee, fields["order_id"])
    try:
        async with portal.audit.transaction() as (transaction, record):
            await transaction.insert(portal.orders.adding(owned))
            browser_hash = secret_hash(browser_of(request, portal))
            await portal.kept_forms.forget(transaction, browser_hash, session.person_id, FORM)
            await record(OrderMade(person_id=profile.id, order_id=owned.id))
    except AlreadyThere:
        pass  # a double click: it is there
    return redirect(request, portal, f"/orders/{owned.id}")


async def _made(portal: Portal, profile: Profile, purpose: Purpose, addressee: str, order_id: str) -> OwnedOrder:
    facts, now, settings = profile.profile.facts, portal.clock(), portal.settings.portal
    application = Application(
        number=portal.fresh.digits(10),
        purpose=purpose,
        addressee=addressee,
        known_to_register=await portal.register.find(facts.pesel) is not None,
        made_at=now,
    )
    document = Document(
        summary=summary_of(application), name=file_name(application), content=document_of(application, facts)
    )
    return OwnedOrder(
        id=order_id if _ID.fullmatch(order_id) else portal.fresh.id(),
        profile_id=profile.id,
        number=application.number,
        order=new_order(now, settings.order_days),
        document=document,
    )


async def _kept(request: Request, portal: Portal, session: Session) -> dict[str, str] | None:
    browser_hash = secret_hash(browser_of(request, portal))
    waiting = await portal.kept_forms.waiting(browser_hash, session.person_id, portal.clock())
    mine = [dict(kept.fields) for kept in waiting if kept.form == FORM]
    return mine[-1] if mine else None


def _page(
    request: Request,
    portal: Portal,
    session: Session,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    kept: bool = False,
) -> Response:
    return show(
        request,
        portal,
        "systems/portal/orders/new.html",
        session=session,
        purposes=[purpose.value for purpose in Purpose],
        typed=typed,
        errors=form_errors(texts_of(request, portal), faults),
        longest=LONGEST_ADDRESSEE,
        kept=kept,
        order_id=typed.get("order_id") or portal.fresh.id(),
    )

"""GET /orders: what waits for a signature, and what became of the rest.

Showing it changes nothing: one that lapsed by itself is told as it stands now.
"""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.shown_date import shown_day
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.sessions import Session
from poreka.systems.portal.orders.mine import is_trusted
from poreka.systems.portal.rules.order import OrderState, as_of
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.frame import show


async def show_orders(request: Request, portal: Portal, session: Session) -> Response:
    """GET /orders."""
    texts, now = texts_of(request, portal), portal.clock()
    orders = [replace(one, order=as_of(one.order, now)) for one in await portal.orders.of_profile(session.person_id)]
    waiting = [
        {
            "href": f"/orders/{one.id}",
            "label": one.document.summary,
            "text": texts("orders.until", date=warsaw_day(one.order.lapses_at)),
        }
        for one in orders
        if one.order.state is OrderState.WAITING
    ]
    ended = [
        {
            "href": f"/orders/{one.id}",
            "summary": one.document.summary,
            "date": shown_day(warsaw_day(one.order.ended_at or one.order.lapses_at), texts.language, short=True),
            "state": one.order.state.value,
        }
        for one in orders
        if one.order.state is not OrderState.WAITING
    ]
    trusted = is_trusted(await portal.profiles.by_id(session.person_id))
    template = "systems/portal/orders/list.html"
    return show(request, portal, template, session=session, waiting=waiting, ended=ended, trusted=trusted)

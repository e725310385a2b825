"""POST /phones/push: this phone is woken by push messages, or no longer.

The browser makes the subscription; here it is kept, sealed, for this phone only. Where its address leads is looked at
when a message is sent (`systems/mobywatel/push_sender.py`). Without it the app still shows what waits whenever it is
open.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from poreka.delivery.web_push import LARGEST, NotASubscription, read_subscription
from poreka.store.sessions import Session
from poreka.systems.mobywatel.phones.session_phone import phone_of
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.sessions import clear_session_cookie

PHONES = "/phones"


async def subscribe(request: Request, app: Mobywatel, session: Session) -> Response:
    """POST /phones/push; an empty subscription ends it."""
    fields = await read_form(request, app, "subscription")
    phone = await phone_of(app, session)
    if phone is None:
        return clear_session_cookie(redirect(request, app, "/"), app)
    told = fields["subscription"]
    if not told:
        await app.devices.subscribe(app.database, phone.id, None)
        return redirect(request, app, f"{PHONES}?push=off")
    try:
        found = read_subscription(told[: 2 * LARGEST])
    except NotASubscription:
        return redirect(request, app, f"{PHONES}?push=failed")
    if urlsplit(found.endpoint).scheme != "https" and not app.settings.system.demo:
        return redirect(request, app, f"{PHONES}?push=failed")
    await app.devices.subscribe(app.database, phone.id, told.encode())
    return redirect(request, app, f"{PHONES}?push=on")

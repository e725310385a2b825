"""The table of contents of the patient account's phone app: a relying party of its own, with devices that are bound.

What people see of the account is the account's (`systems/patient_account/routes.py`), asked over HTTP; what is kept
here are the devices.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import end as sessions_end
from poreka.for_everyone.sessions import extend
from poreka.for_everyone.sessions import listing as sessions_list
from poreka.relying.patient_account import first as account_first
from poreka.relying.sign_in import said_no
from poreka.relying.signing_out import sign_out
from poreka.store.sessions import Session
from poreka.systems.mojeikp import account, enter, first
from poreka.systems.mojeikp import backchannel_logout as provider_logout
from poreka.systems.mojeikp.account import inside
from poreka.systems.mojeikp.device import binding, devices, opening
from poreka.systems.mojeikp.device import bound_list as bound
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web import own_keys
from poreka.web.app_shell import shell
from poreka.web.browser.redirect import redirect
from poreka.web.browser.script import wants_json
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem


async def show_sessions(request: Request, app: Mojeikp, session: Session) -> Response:
    """GET /account/sessions: the list that all systems have, in the app's frame."""
    return await sessions_list.show_sessions(request, app, session, "web/app.html")


ROUTES = [
    # Ways in (K3)
    Route("GET", "/", first.show_ways, Access.ANYONE),
    Route("GET", "/enter/{provider}", account_first.back_to_ways, Access.ANYONE),
    Route("POST", "/enter/{provider}", account_first.set_out, Access.ANYONE, "choose_provider"),
    Route("GET", "/callback/{provider}", enter.come_back, Access.ANYONE, "come_back_signed_in"),
    Route("GET", "/not-signed-in/{provider}/{reason}", said_no.show_no, Access.ANYONE),
    Route("POST", "/backchannel-logout", provider_logout.end_sessions, Access.CLIENT, "hear_of_logout"),
    Route("GET", "/jwks", own_keys.show_keys, Access.CLIENT),
    # Binding this device, and opening it again (K3)
    Route("GET", "/device/{journey}", binding.show_offer, Access.PERSON),
    Route("POST", "/device/{journey}/passkey", binding.with_passkey, Access.PERSON, "bind_device"),
    Route("POST", "/device/{journey}/pin", binding.with_pin, Access.PERSON, "bind_device"),
    Route("GET", "/open", opening.show_lock, Access.ANYONE),
    Route("POST", "/open/passkey", opening.with_passkey, Access.ANYONE, "open_bound"),
    Route("POST", "/open/pin", opening.with_pin, Access.ANYONE, "open_bound"),
    Route("GET", "/devices", devices.show_devices, Access.PERSON),
    Route("POST", "/devices/{device}/remove", devices.remove, Access.PERSON, "unbind_device"),
    Route("GET", "/bound", bound.list_devices, Access.CLIENT),
    Route("POST", "/bound/{device}/remove", bound.remove, Access.CLIENT, "unbind_for_account"),
    # Inside (K4)
    Route("GET", "/account", inside(account.show_account), Access.PERSON),
    Route("POST", "/account/for", inside(account.act_for), Access.PERSON, "choose_whom"),
    Route("GET", "/account/history", inside(account.show_history), Access.PERSON),
    Route("GET", "/account/sessions", inside(show_sessions), Access.PERSON),
    Route("POST", "/account/sessions/end", inside(sessions_end.end_one), Access.PERSON, "end_sessions_here"),
    Route("POST", "/account/sessions/end-others", inside(sessions_end.end_others), Access.PERSON, "end_sessions_here"),
    Route("GET", "/account/{kind}", inside(account.show_records), Access.PERSON),
    Route("POST", "/session/extend", extend.extend, Access.PERSON, "extend_session"),
    Route("POST", "/sign-out", sign_out.sign_out, Access.PERSON, "sign_out"),
    Route("GET", "/signed-out", sign_out.come_back, Access.ANYONE),
    Route("GET", "/signed-out/{journey}", sign_out.show_signed_out, Access.ANYONE),
    Route("POST", "/signed-out/{journey}", sign_out.sign_out_there, Access.ANYONE, "sign_out_at_provider"),
    # What makes it an app
    Route("GET", "/app.webmanifest", shell.show_manifest, Access.ANYONE),
    Route("GET", "/sw.js", shell.show_worker, Access.ANYONE),
    Route("GET", "/offline", shell.show_offline, Access.ANYONE),
    *for_everyone.ROUTES,
]

NAVIGATION = (
    NavigationItem("patient.nav.account", "/account"),
    NavigationItem("patient.prescriptions", "/account/prescription"),
    NavigationItem("patient.referrals", "/account/referral"),
    NavigationItem("patient.visits", "/account/visit"),
    NavigationItem("patient.nav.history", "/account/history"),
    NavigationItem("patient.nav.devices", "/devices"),
)
FOOTER = for_everyone.FOOTER


async def turn_away(request: Request, app: Mojeikp) -> Response:
    """Nobody is signed in where somebody must be: to the ways in, or to the bound device's lock."""
    if request.url.path == "/sign-out":
        return redirect(request, app, "/signed-out")
    if wants_json(request):
        return JSONResponse({"error": "session_ended"}, 401)
    had_session = app.cookies.secret(request, "session") is not None
    return redirect(request, app, "/?notice=session_ended" if had_session else "/")

"""The patient account's table of contents: what it answers, and to whom.

It relies on providers like the portal, and makes an account of anyone whom one of them vouches for.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import end as sessions_end
from poreka.for_everyone.sessions import extend
from poreka.for_everyone.sessions import listing as sessions_list
from poreka.relying import backchannel_logout as end_sessions
from poreka.relying.patient_account import first
from poreka.relying.sign_in import said_no
from poreka.relying.signing_out import sign_out
from poreka.systems.patient_account import account, devices, enter
from poreka.systems.patient_account.app_api import entries, reading
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.web import own_keys
from poreka.web.browser.redirect import redirect
from poreka.web.browser.script import wants_json
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem

DEVICES = "/account/devices"  # only where there is an app
ROUTES = [
    # Ways in (K1, K2)
    Route("GET", "/", first.show_ways, Access.ANYONE),
    Route("GET", "/enter/{provider}", first.back_to_ways, Access.ANYONE),
    Route("POST", "/enter/{provider}", first.set_out, Access.ANYONE, "choose_provider"),
    Route("GET", "/callback/{provider}", enter.come_back, Access.ANYONE, "come_back_signed_in"),
    Route("GET", "/not-signed-in/{provider}/{reason}", said_no.show_no, Access.ANYONE),
    Route("POST", "/backchannel-logout", end_sessions.end_sessions, Access.CLIENT, "hear_of_logout"),
    Route("GET", "/jwks", own_keys.show_keys, Access.CLIENT),
    # Inside (K4)
    Route("GET", "/account", account.show_account, Access.PERSON),
    Route("POST", "/account/for", account.act_for, Access.PERSON, "choose_whom"),
    Route("GET", "/account/history", account.show_history, Access.PERSON),
    Route("GET", "/account/sessions", sessions_list.show_sessions, Access.PERSON),
    Route("POST", "/account/sessions/end", sessions_end.end_one, Access.PERSON, "end_sessions_here"),
    Route("POST", "/account/sessions/end-others", sessions_end.end_others, Access.PERSON, "end_sessions_here"),
    Route("GET", DEVICES, devices.show_devices, Access.PERSON),
    Route("POST", "/account/devices/{device}/remove", devices.remove, Access.PERSON, "remove_bound_device"),
    Route("GET", "/account/{kind}", account.show_records, Access.PERSON),
    # What the phone app's back end asks (K3)
    Route("POST", "/app/entries", entries.take_first, Access.CLIENT, "note_entry"),
    Route("POST", "/app/accounts/{account}/entries", entries.take_later, Access.CLIENT, "note_entry"),
    Route("POST", "/app/accounts/{account}/copied", entries.take_copied, Access.CLIENT, "note_entry"),
    Route("GET", "/app/accounts/{account}", reading.tell_account, Access.CLIENT),
    Route("GET", "/app/accounts/{account}/records/{kind}", reading.tell_records, Access.CLIENT),
    Route("GET", "/app/accounts/{account}/history", reading.tell_history, Access.CLIENT),
    Route("POST", "/session/extend", extend.extend, Access.PERSON, "extend_session"),
    Route("POST", "/sign-out", sign_out.sign_out, Access.PERSON, "sign_out"),
    Route("GET", "/signed-out", sign_out.come_back, Access.ANYONE),
    Route("GET", "/signed-out/{journey}", sign_out.show_signed_out, Access.ANYONE),
    Route("POST", "/signed-out/{journey}", sign_out.sign_out_there, Access.ANYONE, "sign_out_at_provider"),
    *for_everyone.ROUTES,
]

NAVIGATION = (
    NavigationItem("patient.nav.account", "/account"),
    NavigationItem("patient.prescriptions", "/account/prescription"),
    NavigationItem("patient.referrals", "/account/referral"),
    NavigationItem("patient.visits", "/account/visit"),
    NavigationItem("patient.nav.history", "/account/history"),
    NavigationItem("patient.nav.devices", DEVICES),
)
FOOTER = for_everyone.FOOTER


async def turn_away(request: Request, system: PatientAccountSystem) -> Response:
    """Nobody is signed in where somebody must be: to the ways in, which say why."""
    if request.url.path == "/sign-out":
        return redirect(request, system, "/signed-out")
    if wants_json(request):
        return JSONResponse({"error": "session_ended"}, 401)
    had_session = system.cookies.secret(request, "session") is not None
    return redirect(request, system, "/?notice=session_ended" if had_session else "/")

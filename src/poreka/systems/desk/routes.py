"""A desk's table of contents: what clerks see and do. Who may come in is decided by a key and nothing else.

What is shown and decided is the trusted profile's (docs/desk.openapi.yaml); nothing of a case is kept here.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import end as sessions_end
from poreka.for_everyone.sessions import extend
from poreka.for_everyone.sessions import listing as sessions_list
from poreka.relying import backchannel_notification as take
from poreka.systems.desk.applications import case, deciding, queue
from poreka.systems.desk.profiles import asking, profile, proposals, proposing
from poreka.systems.desk.sign_in import enter, key
from poreka.systems.desk.system import DeskSystem
from poreka.web import own_keys
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.browser.script import wants_json
from poreka.web.failures import PageNotFound
from poreka.web.routes import Access, Route
from poreka.web.sessions import clear_session_cookie
from poreka.web.system import NavigationItem


async def take_ping(request: Request, desk: DeskSystem) -> Response:
    """POST /backchannel-notification: to the desk as a relying party, which it is where it asks owners in the app."""
    if desk.relying is None:
        raise PageNotFound
    return await take.take_ping(request, desk.relying)


ROUTES = [
    # Coming in
    Route("GET", "/key", key.show_form, Access.ANYONE),
    Route("POST", "/key", key.take_code, Access.ANYONE, "begin_clerk_key"),
    Route("GET", "/key/{journey}", key.show_clerk, Access.ANYONE),
    Route("POST", "/key/{journey}", key.take_key, Access.ANYONE, "take_clerk_key"),
    Route("GET", "/sign-in", enter.begin, Access.ANYONE, "begin_sign_in"),
    Route("POST", "/sign-in", enter.enter, Access.ANYONE, "clerk_signs_in"),
    Route("GET", "/signed-out", enter.show_signed_out, Access.ANYONE),
    Route("POST", "/sign-out", enter.sign_out, Access.PERSON, "sign_out"),
    Route("POST", "/session/extend", extend.extend, Access.PERSON, "extend_session"),
    Route("POST", "/backchannel-notification", take_ping, Access.CLIENT, "hear_of_answer"),
    Route("GET", "/jwks", own_keys.show_keys, Access.CLIENT),
    Route("GET", "/sessions", sessions_list.show_sessions, Access.PERSON),
    Route("POST", "/sessions/end", sessions_end.end_one, Access.PERSON, "end_clerk_sessions"),
    Route("POST", "/sessions/end-others", sessions_end.end_others, Access.PERSON, "end_clerk_sessions"),
    # Applications (T1)
    Route("GET", "/", queue.show_queue, Access.PERSON),
    Route("POST", "/applications", queue.find_number, Access.PERSON, "find_case"),
    Route("GET", "/applications/{number}", case.show_case, Access.PERSON),
    Route("GET", "/applications/{number}/confirm/{way}", deciding.show_confirmation, Access.PERSON),
    Route("POST", "/applications/{number}/confirm/{way}", deciding.confirm, Access.PERSON, "confirm_application"),
    Route("GET", "/applications/{number}/refuse", deciding.show_refusal, Access.PERSON),
    Route("POST", "/applications/{number}/refuse", deciding.refuse, Access.PERSON, "refuse_application"),
    # Valid profiles, four eyes (T6)
    Route("GET", "/profiles", profile.show_search, Access.PERSON),
    Route("POST", "/profiles", profile.find, Access.PERSON, "find_case"),
    Route("GET", "/profiles/{profile}", profile.show_profile, Access.PERSON),
    Route("POST", "/profiles/{profile}/ask", asking.ask, Access.PERSON, "ask_owner_in_app"),
    Route("GET", "/profiles/{profile}/ask/{journey}", asking.show_waiting, Access.PERSON),
    Route("POST", "/profiles/{profile}/ask/{journey}", asking.look_again, Access.PERSON, "ask_owner_in_app"),
    Route("GET", "/profiles/{profile}/ask/{journey}/state", asking.tell_state, Access.PERSON, "ask_owner_in_app"),
    Route("GET", "/profiles/{profile}/{act}", proposing.show_form, Access.PERSON),
    Route("POST", "/profiles/{profile}/{act}", proposing.propose, Access.PERSON, "propose_at_desk"),
    Route("GET", "/proposals", proposals.show_open, Access.PERSON),
    Route("GET", "/proposals/{proposal}", proposals.show_proposal, Access.PERSON),
    Route("POST", "/proposals/{proposal}/approve", proposals.approve, Access.PERSON, "approve_at_desk"),
    Route("POST", "/proposals/{proposal}/reject", proposals.reject, Access.PERSON, "reject_at_desk"),
    *for_everyone.ROUTES,
]

NAVIGATION: tuple[NavigationItem, ...] = (
    NavigationItem("desk.nav.queue", "/"),
    NavigationItem("desk.nav.profiles", "/profiles"),
    NavigationItem("desk.nav.proposals", "/proposals"),
    NavigationItem("sessions.title", "/sessions"),
)
FOOTER = for_everyone.FOOTER


async def turn_away(request: Request, desk: DeskSystem) -> Response:
    """Nobody is signed in where a clerk must be; what a form held is not kept."""
    if request.url.path == "/sign-out":
        return clear_session_cookie(redirect(request, desk, "/signed-out"), desk)
    if wants_json(request):
        return JSONResponse({"error": "session_ended"}, 401)
    page = request.url.path if request.method in ("GET", "HEAD") else "/"
    return redirect(request, desk, "/sign-in" if page == "/" else with_query("/sign-in", {"next": page}))

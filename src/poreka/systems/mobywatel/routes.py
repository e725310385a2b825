"""The phone app's table of contents: what its back end answers providers, and what people see on their phones.

What it answers as a provider of its own is every provider's list (`provider/routes.py`); people sign in with the key in
their phone instead of a password.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import end as sessions_end
from poreka.provider import routes as provider
from poreka.provider.consents import listing, receipt, withdraw
from poreka.provider.differing_pages import Inside
from poreka.provider.pages import own_sessions as sessions_list
from poreka.provider.pages import safety
from poreka.systems.mobywatel.enrolment import code, key
from poreka.systems.mobywatel.phones import notifications, removal
from poreka.systems.mobywatel.questions import answer, question, waiting
from poreka.systems.mobywatel.registry import devices, enrolments, requests
from poreka.systems.mobywatel.sign_in import across, direct, elsewhere
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.app_shell import shell
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem

ROUTES = [
    *provider.PROTOCOL,
    # The back end, as providers call it (T4, T5)
    Route("POST", "/requests", requests.take_request, Access.CLIENT, "tell_app"),
    Route("POST", "/enrolments", enrolments.offer, Access.CLIENT, "offer_enrolment"),
    Route("GET", "/enrolments/{enrolment}", enrolments.show, Access.CLIENT),
    Route("POST", "/enrolments/{enrolment}/confirm", enrolments.take_number, Access.CLIENT, "confirm_enrolment"),
    Route("POST", "/enrolments/{enrolment}/cancel", enrolments.give_up, Access.CLIENT, "give_up_enrolment"),
    Route("GET", "/devices", devices.list_devices, Access.CLIENT),
    Route("POST", "/devices/remove", devices.remove_all, Access.CLIENT, "remove_phones"),
    Route("POST", "/devices/{device}/remove", devices.remove, Access.CLIENT, "remove_phones"),
    # Enrolling this phone (T4)
    Route("GET", "/enrol", code.show_form, Access.ANYONE),
    Route("POST", "/enrol", code.take_code, Access.ANYONE, "begin_enrolment"),
    Route("GET", "/enrol/{enrolment}", key.show_enrolment, Access.ANYONE),
    Route("POST", "/enrol/{enrolment}/key", key.take_key, Access.ANYONE, "take_phone_key"),
    # Opening the app (K1)
    Route("GET", "/sign-in", direct.begin, Access.ANYONE, "begin_sign_in"),
    Route("POST", "/sign-in", direct.enter, Access.ANYONE, "open_app"),
    # Signing in elsewhere: the browser that shows a code, and the phone that answers (K1)
    Route("POST", "/sign-in/elsewhere", elsewhere.begin, Access.ANYONE, "begin_elsewhere"),
    Route("GET", "/sign-in/elsewhere/{cross}", elsewhere.show_code, Access.ANYONE),
    Route("POST", "/sign-in/elsewhere/{cross}", elsewhere.go_on, Access.ANYONE, "finish_elsewhere"),
    Route("GET", "/across", across.show_form, Access.PERSON),
    Route("POST", "/across", across.take_code, Access.PERSON, "find_elsewhere"),
    Route("GET", "/across/{cross}", across.show_question, Access.PERSON),
    Route("POST", "/across/{cross}/approve", across.take_approval, Access.PERSON, "approve_elsewhere"),
    Route("POST", "/across/{cross}/refuse", across.take_refusal, Access.PERSON, "refuse_elsewhere"),
    # What providers ask (T5)
    Route("GET", "/", waiting.show_home, Access.ANYONE),
    Route("GET", "/requests/{request}", question.show_question, Access.PERSON),
    Route("POST", "/requests/{request}/approve", answer.approve, Access.PERSON, "approve_request"),
    Route("POST", "/requests/{request}/refuse", answer.refuse, Access.PERSON, "refuse_request"),
    Route("GET", "/history", waiting.show_history, Access.PERSON),
    # The person's phones, and what they agreed to
    Route("GET", "/phones", removal.show_phones, Access.PERSON),
    Route("POST", "/phones/push", notifications.subscribe, Access.PERSON, "subscribe"),
    Route("POST", "/phones/{device}/remove", removal.remove, Access.PERSON, "remove_own_phone"),
    Route("GET", "/settings/security/consents", listing.show_consents, Access.PERSON),
    Route("GET", "/settings/security/consents/{consent}/receipt", receipt.download, Access.PERSON, "download_receipt"),
    Route("GET", "/settings/security/consents/{consent}/withdraw", withdraw.ask, Access.PERSON),
    Route(
        "POST", "/settings/security/consents/{consent}/withdraw", withdraw.withdraw, Access.PERSON, "withdraw_consent"
    ),
    Route("GET", "/settings/security/sessions", sessions_list.show_sessions, Access.PERSON),
    Route("POST", "/settings/security/sessions/end", sessions_end.end_one, Access.PERSON, "end_own_sessions"),
    Route("POST", "/settings/security/sessions/end-others", sessions_end.end_others, Access.PERSON, "end_own_sessions"),
    # What makes it an app
    Route("GET", "/app.webmanifest", shell.show_manifest, Access.ANYONE),
    Route("GET", "/sw.js", shell.show_worker, Access.ANYONE),
    Route("GET", "/offline", shell.show_offline, Access.ANYONE),
    # For everyone
    Route("GET", "/safety", safety.show_safety, Access.ANYONE),
    Route("GET", "/help", safety.show_help, Access.ANYONE),
    *for_everyone.ACCESSIBILITY,
]

NAVIGATION: tuple[NavigationItem, ...] = (
    NavigationItem("app.nav.waiting", "/"),
    NavigationItem("app.nav.history", "/history"),
    NavigationItem("app.nav.phones", "/phones"),
    NavigationItem("app.nav.consents", "/settings/security/consents"),
)
QUESTIONS = "/requests"  # under which a phone answers
INSIDE = Inside(short_cuts=provider.SHORT_CUTS, to_consents=("app.nav.consents",), phones=provider.PHONES)
FOOTER = provider.FOOTER


async def turn_away(request: Request, app: Mobywatel) -> Response:
    """Nobody is signed in where somebody must be: as at a bank."""
    return await provider.turn_away(request, app)

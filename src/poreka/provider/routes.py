"""What every provider answers, and to whom: the protocol, the release of the facts, signing in and out.

The protocol's own addresses come first because they are called most. A provider adds its own pages:
`systems/bank/routes.py`.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import extend
from poreka.provider.authorising import app_answer as app_requests
from poreka.provider.authorising import message_report
from poreka.provider.endpoints import discovery as documents
from poreka.provider.endpoints import introspect, revoke, userinfo
from poreka.provider.endpoints import pushed_request as push
from poreka.provider.endpoints import token as grants
from poreka.provider.pages.frame import CONSENTS
from poreka.provider.release import authorize, code, leave, pages, sim_swap, steps
from poreka.provider.release import push as push_answer
from poreka.provider.sign_in import begin, check
from poreka.provider.sign_in import pages as sign_in_pages
from poreka.provider.sign_in import steps as sign_in_steps
from poreka.provider.signing_out import asked as end_session
from poreka.provider.signing_out import sign_out
from poreka.provider.system import Bank
from poreka.web import own_keys
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.browser.script import wants_json
from poreka.web.routes import Access, Route
from poreka.web.sessions import clear_session_cookie
from poreka.web.system import NavigationItem

PROTOCOL = [
    Route("POST", "/par", push.push, Access.CLIENT, "push_request"),
    Route("GET", "/authorize", authorize.authorize, Access.ANYONE, "begin_release"),
    Route("POST", "/authorize", authorize.take_post, Access.ANYONE, "begin_release"),
    Route("POST", "/token", grants.give_tokens, Access.CLIENT, "give_tokens"),
    Route("GET", "/userinfo", userinfo.userinfo, Access.BEARER, "release_facts"),
    Route("POST", "/userinfo", userinfo.userinfo, Access.BEARER, "release_facts"),
    Route("GET", "/.well-known/openid-configuration", documents.show_metadata, Access.CLIENT),
    Route("GET", "/jwks", own_keys.show_keys, Access.CLIENT),
    Route("GET", "/receipt-keys", documents.show_receipt_keys, Access.CLIENT),
    Route("POST", "/introspect", introspect.introspect, Access.CLIENT, "ask_about_token"),
    Route("POST", "/revoke", revoke.revoke, Access.CLIENT, "revoke_token"),
    # What SMS gateways report
    Route(
        "GET",
        "/message-report/{gateway}/{message}/{proof}",
        message_report.take_report,
        Access.CLIENT,
        "report_message",
    ),
    Route(
        "POST",
        "/message-report/{gateway}/{message}/{proof}",
        message_report.take_report,
        Access.CLIENT,
        "report_message",
    ),
    # The back end of the provider's own app
    Route("GET", "/app/requests/{request}", app_requests.show_request, Access.CLIENT),
    Route("POST", "/app/requests/{request}/answer", app_requests.take_answer, Access.CLIENT, "answer_in_app"),
    # The release of the three facts (what a provider vouches with)
    Route("GET", "/release/{journey}", pages.show_step, Access.ANYONE, "change_release_step"),
    Route("POST", "/release/{journey}/consent", steps.give_consent, Access.ANYONE, "agree_to_release"),
    Route("POST", "/release/{journey}/operation", steps.begin_operation, Access.ANYONE, "begin_release_operation"),
    Route("POST", "/release/{journey}/code", code.try_code, Access.ANYONE, "authorise_release"),
    Route("POST", "/release/{journey}/new-code", code.send_again, Access.ANYONE, "begin_release_operation"),
    Route("POST", "/release/{journey}/tool", sim_swap.use_instead, Access.ANYONE, "begin_release_operation"),
    Route("GET", "/release/{journey}/push", push_answer.status, Access.ANYONE),
    Route("POST", "/release/{journey}/push", push_answer.finish, Access.ANYONE, "authorise_release"),
    Route("POST", "/release/{journey}/back", steps.go_back, Access.ANYONE, "change_release_step"),
    Route("POST", "/release/{journey}/cancel", leave.cancel, Access.ANYONE, "leave_release"),
    Route("GET", "/release/{journey}/leave", leave.leave, Access.ANYONE, "leave_release"),
    # Signing out
    Route("POST", "/session/extend", extend.extend, Access.PERSON, "extend_session"),
    Route("POST", "/sign-out", sign_out.sign_out, Access.PERSON, "sign_out"),
    Route("GET", "/signed-out", sign_out.show_signed_out, Access.ANYONE),
    Route("GET", "/end-session", end_session.asked, Access.ANYONE, "sign_out_for_service"),
    Route("POST", "/end-session", end_session.take_post, Access.ANYONE, "sign_out_for_service"),
    Route("GET", "/end-session/{journey}", end_session.show_question, Access.ANYONE),
    Route("POST", "/end-session/{journey}/confirm", end_session.confirm, Access.ANYONE, "sign_out_for_service"),
    Route("POST", "/end-session/{journey}/stay", end_session.stay, Access.ANYONE, "sign_out_for_service"),
]
"""What every provider answers: the protocol, the release, signing out."""

PASSWORD_SIGN_IN = [
    Route("GET", "/sign-in", begin.begin, Access.ANYONE, "begin_sign_in"),
    Route("GET", "/sign-in/{journey}", sign_in_pages.show_form, Access.ANYONE),
    Route("POST", "/sign-in/{journey}/number", sign_in_steps.take_number, Access.ANYONE, "begin_sign_in"),
    Route("POST", "/sign-in/{journey}/password", check.try_password, Access.ANYONE, "sign_in_with_password"),
    Route("POST", "/sign-in/{journey}/clear", sign_in_steps.clear, Access.ANYONE, "begin_sign_in"),
]
"""Signing in with a password, where people have one."""

SHORT_CUTS = (
    ("bank.nav.services", "/finances/services"),
    CONSENTS[-1],
    ("bank.nav.safety", "/safety"),
    ("contact.title", "/help"),
)
PHONES = "/settings/security/tools/app"
"""Where a phone is connected, beside the other tools."""

FOOTER: tuple[NavigationItem, ...] = (*for_everyone.FOOTER, NavigationItem("bank.nav.safety", "/safety"))


async def turn_away(request: Request, bank: Bank) -> Response:
    """Nobody is signed in where somebody must be: sign in first, and come back to the same page.

    What a form held is not kept, so from a form the way leads to the home page; who signs out of a
    session that has run out has got what they wanted."""
    if request.url.path == "/sign-out":
        return clear_session_cookie(redirect(request, bank, "/signed-out"), bank)
    if wants_json(request):
        return JSONResponse({"error": "session_ended"}, 401)
    query = f"?{request.url.query}" if request.url.query else ""
    page = f"{request.url.path}{query}" if request.method in ("GET", "HEAD") else "/"
    return redirect(request, bank, with_query("/sign-in", {"next": page}))

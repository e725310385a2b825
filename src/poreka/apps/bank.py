"""An identity provider's table of contents: what a bank answers, and to whom.

One code base for all of them; what differs is configuration (`vouching_settings.Vouching`). The protocol's own
addresses come first because they are called most.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.apps import for_everyone
from poreka.flows.app_requests import answer as app_requests
from poreka.flows.authorisation_tools import answers as tool_answers
from poreka.flows.authorisation_tools import change as tool_change
from poreka.flows.authorisation_tools import connect as tool_connect
from poreka.flows.authorisation_tools import for_passkey
from poreka.flows.authorisation_tools import listing as tool_listing
from poreka.flows.authorisation_tools import lost as tool_lost
from poreka.flows.authorisation_tools import resend as tool_resend
from poreka.flows.authorisation_tools import undo as tool_undo
from poreka.flows.bank_home import home
from poreka.flows.bank_sign_in import begin, check
from poreka.flows.bank_sign_in import pages as sign_in_pages
from poreka.flows.bank_sign_in import passkey as sign_in_passkey
from poreka.flows.bank_sign_in import steps as sign_in_steps
from poreka.flows.consents import listing, receipt, withdraw
from poreka.flows.discovery import documents
from poreka.flows.end_session import asked as end_session
from poreka.flows.end_session import sign_out
from poreka.flows.enter_service import enter
from poreka.flows.introspection import introspect
from poreka.flows.message_report import take as message_report
from poreka.flows.own_sessions import end as sessions_end
from poreka.flows.own_sessions import listing as sessions_list
from poreka.flows.passkeys import at_bank as passkeys
from poreka.flows.pushed_request import push
from poreka.flows.release import authorize, code, leave, pages, sim_swap, steps
from poreka.flows.release import push as push_answer
from poreka.flows.revocation import revoke
from poreka.flows.safety import pages as safety
from poreka.flows.session_extension import extend
from poreka.flows.token import grants
from poreka.flows.userinfo import release as userinfo
from poreka.vouching_settings import VouchingSettings
from poreka.web.frame import redirect, wants_json, with_query
from poreka.web.routes import Access, Route
from poreka.web.sessions import clear_session_cookie
from poreka.web.system import NavigationItem
from poreka.web.systems import Bank

PROTOCOL = [
    Route("POST", "/par", push.push, Access.CLIENT, "push_request"),
    Route("GET", "/authorize", authorize.authorize, Access.ANYONE, "begin_release"),
    Route("POST", "/authorize", authorize.take_post, Access.ANYONE, "begin_release"),
    Route("POST", "/token", grants.give_tokens, Access.CLIENT, "give_tokens"),
    Route("GET", "/userinfo", userinfo.userinfo, Access.BEARER, "release_facts"),
    Route("POST", "/userinfo", userinfo.userinfo, Access.BEARER, "release_facts"),
    Route("GET", "/.well-known/openid-configuration", documents.show_metadata, Access.CLIENT),
    Route("GET", "/jwks", documents.show_keys, Access.CLIENT),
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

OWN_PAGES = [
    # The customer's own pages (section: bank pages)
    Route("GET", "/", home.show_home, Access.PERSON),
    Route("GET", "/finances", home.show_finances, Access.PERSON),
    Route("GET", "/finances/products", home.show_products, Access.PERSON),
    Route("GET", "/finances/services", enter.show_services, Access.PERSON),
    Route("POST", "/services/{client}/enter", enter.enter, Access.PERSON, "enter_service"),
    Route("GET", "/settings", home.show_settings, Access.PERSON),
    Route("GET", "/settings/security", home.show_security, Access.PERSON),
    Route("GET", "/settings/security/tools", tool_listing.show_tools, Access.PERSON),
    Route("GET", "/settings/security/tools/lost", tool_lost.show_lost, Access.PERSON),
    Route("POST", "/settings/security/tools/lost", tool_lost.report_lost, Access.PERSON, "report_tool_lost"),
    Route("GET", "/settings/security/tools/app", tool_connect.show_connecting, Access.PERSON),
    Route("POST", "/settings/security/tools/app", tool_connect.connect, Access.PERSON, "connect_app"),
    Route("POST", "/settings/security/tools/undo", tool_undo.begin, Access.PERSON, "undo_tool_loss"),
    Route("POST", "/settings/security/tools/change", tool_change.begin, Access.PERSON, "change_tool"),
    Route("GET", "/settings/security/tools/change/{journey}", tool_change.show_change, Access.PERSON),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/code",
        tool_answers.try_code,
        Access.PERSON,
        "answer_tool_change",
    ),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/new-code",
        tool_resend.send_again,
        Access.PERSON,
        "change_tool",
    ),
    Route("GET", "/settings/security/tools/change/{journey}/push", tool_answers.status, Access.PERSON),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/push",
        tool_answers.finish,
        Access.PERSON,
        "answer_tool_change",
    ),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/operation",
        tool_change.ask_again,
        Access.PERSON,
        "change_tool",
    ),
    Route("POST", "/settings/security/tools/change/{journey}/cancel", tool_change.cancel, Access.PERSON, "change_tool"),
    Route("GET", "/settings/security/consents", listing.show_consents, Access.PERSON),
    Route("GET", "/settings/security/consents/{consent}/receipt", receipt.download, Access.PERSON, "download_receipt"),
    Route("GET", "/settings/security/consents/{consent}/withdraw", withdraw.ask, Access.PERSON),
    Route(
        "POST", "/settings/security/consents/{consent}/withdraw", withdraw.withdraw, Access.PERSON, "withdraw_consent"
    ),
    Route("POST", "/settings/security/consents/{client}/activate", enter.enter, Access.PERSON, "enter_service"),
    Route("GET", "/settings/security/sessions", sessions_list.show_sessions, Access.PERSON),
    Route("POST", "/settings/security/sessions/end", sessions_end.end_one, Access.PERSON, "end_own_sessions"),
    Route("POST", "/settings/security/sessions/end-others", sessions_end.end_others, Access.PERSON, "end_own_sessions"),
    # For everyone (section: bank pages)
    Route("GET", "/safety", safety.show_safety, Access.ANYONE),
    Route("GET", "/help", safety.show_help, Access.ANYONE),
    *for_everyone.ACCESSIBILITY,
]

PASSKEYS = [
    Route(
        "POST",
        "/sign-in/{journey}/passkey",
        sign_in_passkey.enter_by_passkey,
        Access.ANYONE,
        "sign_in_with_passkey",
    ),
    Route("GET", "/settings/security/passkeys", passkeys.show_passkeys, Access.PERSON),
    Route("POST", "/settings/security/passkeys", for_passkey.begin, Access.PERSON, "begin_passkey"),
    Route("GET", "/settings/security/passkeys/new/{journey}", passkeys.show_making, Access.PERSON),
    Route("POST", "/settings/security/passkeys/new/{journey}", passkeys.take_key, Access.PERSON, "add_passkey"),
    Route("GET", "/settings/security/passkeys/{passkey}/remove", passkeys.ask_to_remove, Access.PERSON),
    Route("POST", "/settings/security/passkeys/{passkey}/remove", passkeys.remove, Access.PERSON, "remove_passkey"),
]
"""Passkeys, where the settings have them."""

ROUTES = [*PROTOCOL, *PASSWORD_SIGN_IN, *OWN_PAGES, *PASSKEYS]


def navigation(settings: VouchingSettings) -> tuple[NavigationItem, ...]:
    """The menu; the services have an entry of their own where they are not under finances and products."""
    under_finances = settings.vouching.services_in == "finances"
    services = () if under_finances else (NavigationItem("bank.nav.services", "/finances/services"),)
    return (
        NavigationItem("bank.nav.home", "/"),
        NavigationItem("bank.nav.finances", "/finances"),
        *services,
        NavigationItem("bank.nav.settings", "/settings"),
    )


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

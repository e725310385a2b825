"""The trusted profile's table of contents: a provider's, and that of a system which relies on providers itself.

What it answers as a provider is every provider's list (`provider/routes.py`); the profiles, and the way back from the
banks that vouch for their owners, are its own.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import end as sessions_end
from poreka.provider import routes as provider
from poreka.provider.changing_tools import answers as tool_answers
from poreka.provider.changing_tools import change as tool_change
from poreka.provider.changing_tools import listing as tool_listing
from poreka.provider.changing_tools import lost as tool_lost
from poreka.provider.changing_tools import resend as tool_resend
from poreka.provider.changing_tools import undo as tool_undo
from poreka.provider.consents import listing, receipt, withdraw
from poreka.provider.differing_pages import Inside
from poreka.provider.endpoints import backchannel_authentication as backchannel
from poreka.provider.pages import enter_service as enter
from poreka.provider.pages import own_sessions as sessions_list
from poreka.provider.pages import safety
from poreka.relying.sign_in import said_no
from poreka.systems.trusted_profile import backchannel_logout as provider_logout
from poreka.systems.trusted_profile.changes import contact, end, extend, password
from poreka.systems.trusted_profile.creation import begin, codes, finish, pages, steps, word
from poreka.systems.trusted_profile.office import applications as desk_applications
from poreka.systems.trusted_profile.office import approval as desk_approval
from poreka.systems.trusted_profile.office import decisions as desk_decisions
from poreka.systems.trusted_profile.office import profiles as desk_profiles
from poreka.systems.trusted_profile.office import proposals as desk_proposals
from poreka.systems.trusted_profile.operation import answers, ask
from poreka.systems.trusted_profile.operation import pages as operation
from poreka.systems.trusted_profile.pages import first, history, home
from poreka.systems.trusted_profile.phones import adding, phones, told
from poreka.systems.trusted_profile.recovery import asked
from poreka.systems.trusted_profile.recovery import steps as recovery
from poreka.systems.trusted_profile.signature import verify
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.systems.trusted_profile.vouched import come_back, set_out
from poreka.web.routes import Access, Handler, Route
from poreka.web.system import NavigationItem


def _of_nobody(handler: Handler) -> Handler:
    """A page of an own operation where nobody is signed in: for a recovery or a link, and there for its browser."""

    async def sessionless(request: Request, pz: TrustedProfileSystem) -> Response:
        return await handler(request, pz, None)

    return sessionless


ROUTES = [
    *provider.PROTOCOL,
    *provider.PASSWORD_SIGN_IN,
    Route("POST", "/backchannel/authenticate", backchannel.ask, Access.CLIENT, "ask_without_browser"),
    # Making a profile (T1)
    Route("GET", "/", first.show_first, Access.ANYONE),
    Route("GET", "/create", begin.show_ways, Access.ANYONE),
    Route("GET", "/create/{provider}", begin.back_to_ways, Access.ANYONE),
    Route("POST", "/create/{provider}", begin.through_provider, Access.ANYONE, "begin_profile_at_provider"),
    Route("POST", "/apply", begin.apply, Access.ANYONE, "begin_application"),
    Route("GET", "/new/{journey}", pages.show_step, Access.ANYONE),
    Route("POST", "/new/{journey}/facts", steps.take_facts, Access.ANYONE, "make_profile_step"),
    Route("POST", "/new/{journey}/contact", steps.take_contact, Access.ANYONE, "make_profile_step"),
    Route("POST", "/new/{journey}/code", codes.answer, Access.ANYONE, "make_profile_step"),
    Route("POST", "/new/{journey}/back", steps.back_to_contact, Access.ANYONE, "make_profile_step"),
    Route("POST", "/new/{journey}/word", word.ask_again, Access.ANYONE, "begin_profile_at_provider"),
    Route("POST", "/new/{journey}/credentials", finish.make, Access.ANYONE, "make_profile"),
    Route("POST", "/new/{journey}/cancel", steps.cancel, Access.ANYONE, "make_profile_step"),
    # A forgotten password: the mailbox, the tool, the new one (T3)
    Route("GET", "/password", asked.ask_name, Access.ANYONE),
    Route("POST", "/password", asked.send_name, Access.ANYONE, "begin_recovery"),
    Route("GET", "/password/{journey}", recovery.show_step, Access.ANYONE),
    Route("POST", "/password/{journey}", recovery.answer, Access.ANYONE, "recover_password"),
    Route("GET", "/recovery/{journey}", _of_nobody(operation.show_step), Access.ANYONE),
    Route("POST", "/recovery/{journey}/ask", _of_nobody(ask.ask), Access.ANYONE, "answer_operation_of_nobody"),
    Route(
        "POST", "/recovery/{journey}/code", _of_nobody(answers.try_code), Access.ANYONE, "answer_operation_of_nobody"
    ),
    Route(
        "POST",
        "/recovery/{journey}/new-code",
        _of_nobody(answers.send_again),
        Access.ANYONE,
        "answer_operation_of_nobody",
    ),
    Route("GET", "/recovery/{journey}/push", _of_nobody(answers.push_status), Access.ANYONE),
    Route(
        "POST", "/recovery/{journey}/push", _of_nobody(answers.finish_push), Access.ANYONE, "answer_operation_of_nobody"
    ),
    Route("POST", "/recovery/{journey}/cancel", _of_nobody(ask.cancel), Access.ANYONE, "answer_operation_of_nobody"),
    # A bank that knows the owner by another surname: the owner's tool says the rest
    Route("GET", "/link/{journey}", _of_nobody(operation.show_step), Access.ANYONE),
    Route("POST", "/link/{journey}/ask", _of_nobody(ask.ask), Access.ANYONE, "answer_operation_of_nobody"),
    Route("POST", "/link/{journey}/code", _of_nobody(answers.try_code), Access.ANYONE, "answer_operation_of_nobody"),
    Route(
        "POST", "/link/{journey}/new-code", _of_nobody(answers.send_again), Access.ANYONE, "answer_operation_of_nobody"
    ),
    Route("GET", "/link/{journey}/push", _of_nobody(answers.push_status), Access.ANYONE),
    Route("POST", "/link/{journey}/push", _of_nobody(answers.finish_push), Access.ANYONE, "answer_operation_of_nobody"),
    Route("POST", "/link/{journey}/cancel", _of_nobody(ask.cancel), Access.ANYONE, "answer_operation_of_nobody"),
    # Through the providers that vouch (T3)
    Route("POST", "/sign-in/{journey}/provider/{provider}", set_out.set_out, Access.ANYONE, "sign_in_through_provider"),
    Route("GET", "/callback/{provider}", come_back.come_back, Access.ANYONE, "come_back_from_provider"),
    Route("GET", "/not-signed-in/{provider}/{reason}", lambda r, pz: said_no.show_no(r, pz.relying), Access.ANYONE),
    Route("POST", "/backchannel-logout", provider_logout.end_sessions, Access.CLIENT, "hear_of_provider_logout"),
    # The owner's own pages (T4, T6)
    Route("GET", "/profile", home.show_home, Access.STRONG_PERSON),
    Route("GET", "/profile/details", home.show_details, Access.STRONG_PERSON),
    Route("GET", "/profile/history", history.show_history, Access.STRONG_PERSON),
    # The phones with which owners approve (T4)
    Route("GET", "/profile/devices", phones.show_phones, Access.STRONG_PERSON),
    Route("POST", "/profile/devices", adding.begin, Access.STRONG_PERSON, "begin_device"),
    Route("GET", "/profile/devices/{device}/remove", phones.ask_to_remove, Access.STRONG_PERSON),
    Route("POST", "/profile/devices/{device}/remove", phones.remove, Access.STRONG_PERSON, "remove_device"),
    Route("GET", "/profile/devices/new/{journey}", adding.show_step, Access.STRONG_PERSON, "enrol_device"),
    Route("POST", "/profile/devices/new/{journey}/code", adding.offer_code, Access.STRONG_PERSON, "enrol_device"),
    Route("POST", "/profile/devices/new/{journey}/number", adding.take_number, Access.STRONG_PERSON, "enrol_device"),
    Route("POST", "/profile/devices/new/{journey}/cancel", adding.cancel, Access.STRONG_PERSON, "enrol_device"),
    Route("POST", "/app/devices/removed", told.take_removal, Access.CLIENT, "hear_of_removed_device"),
    # The desks whose clerks confirm applications, and act on valid profiles (T1, T6)
    Route("POST", "/desk/applications", desk_applications.list_waiting, Access.CLIENT, "list_cases"),
    Route("POST", "/desk/applications/{number}", desk_applications.show_case, Access.CLIENT, "look_at_case"),
    Route(
        "POST", "/desk/applications/{number}/confirm", desk_decisions.confirm_case, Access.CLIENT, "decide_application"
    ),
    Route(
        "POST", "/desk/applications/{number}/refuse", desk_decisions.refuse_case, Access.CLIENT, "decide_application"
    ),
    Route("POST", "/desk/profiles", desk_profiles.find, Access.CLIENT, "look_at_case"),
    Route("POST", "/desk/profiles/{profile}", desk_profiles.show, Access.CLIENT, "look_at_case"),
    Route("POST", "/desk/profiles/{profile}/proposals", desk_proposals.take_proposal, Access.CLIENT, "propose_act"),
    Route("POST", "/desk/proposals", desk_proposals.list_open, Access.CLIENT, "list_cases"),
    Route("POST", "/desk/proposals/{proposal}", desk_proposals.show, Access.CLIENT, "look_at_case"),
    Route("POST", "/desk/proposals/{proposal}/approve", desk_approval.take_approval, Access.CLIENT, "approve_act"),
    Route("POST", "/desk/proposals/{proposal}/reject", desk_proposals.take_rejection, Access.CLIENT, "reject_act"),
    # Changes, each checked first and then authorised (T2, T4, T6)
    Route("GET", "/confirm", ask.second_factor, Access.PERSON, "sign_in"),
    Route("GET", "/operation/{journey}", operation.show_step, Access.PERSON),
    Route("POST", "/operation/{journey}/ask", ask.ask, Access.PERSON, "ask_own_operation"),
    Route("POST", "/operation/{journey}/code", answers.try_code, Access.PERSON, "answer_own_operation"),
    Route("POST", "/operation/{journey}/new-code", answers.send_again, Access.PERSON, "ask_own_operation"),
    Route("GET", "/operation/{journey}/push", answers.push_status, Access.PERSON),
    Route("POST", "/operation/{journey}/push", answers.finish_push, Access.PERSON, "answer_own_operation"),
    Route("POST", "/operation/{journey}/cancel", ask.cancel, Access.PERSON, "answer_own_operation"),
    Route("GET", "/profile/extend", extend.show_offer, Access.STRONG_PERSON),
    Route("POST", "/profile/extend", extend.begin_extension, Access.STRONG_PERSON, "extend"),
    Route("GET", "/profile/contact/{field}", contact.show_form, Access.STRONG_PERSON),
    Route("POST", "/profile/contact/{field}", contact.take_form, Access.STRONG_PERSON, "ask_contact"),
    Route("GET", "/profile/contact/{field}/{journey}", contact.show_code, Access.STRONG_PERSON),
    Route("POST", "/profile/contact/{field}/{journey}", contact.take_code, Access.STRONG_PERSON, "try_contact"),
    Route("GET", "/profile/password", password.show_form, Access.STRONG_PERSON),
    Route("POST", "/profile/password", password.change, Access.STRONG_PERSON, "password"),
    Route("GET", "/profile/invalidate", end.ask_invalidation, Access.STRONG_PERSON),
    Route("POST", "/profile/invalidate", end.invalidate_profile, Access.STRONG_PERSON, "invalidate"),
    Route("GET", "/profile/not-me", end.ask_lock, Access.STRONG_PERSON),
    Route("POST", "/profile/not-me", end.lock_profile, Access.STRONG_PERSON, "lock_profile"),
    Route("GET", "/ended/{how}", end.show_ended, Access.ANYONE),
    Route("GET", "/settings/security/tools", tool_listing.show_tools, Access.STRONG_PERSON),
    Route("GET", "/settings/security/tools/lost", tool_lost.show_lost, Access.STRONG_PERSON),
    Route(
        "POST", "/settings/security/tools/lost", tool_lost.report_lost, Access.STRONG_PERSON, "report_profile_tool_lost"
    ),
    Route("POST", "/settings/security/tools/undo", tool_undo.begin, Access.STRONG_PERSON, "undo_profile_tool_loss"),
    Route("POST", "/settings/security/tools/change", tool_change.begin, Access.STRONG_PERSON, "change_profile_tool"),
    Route("GET", "/settings/security/tools/change/{journey}", tool_change.show_change, Access.STRONG_PERSON),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/code",
        tool_answers.try_code,
        Access.STRONG_PERSON,
        "change_profile_tool",
    ),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/new-code",
        tool_resend.send_again,
        Access.STRONG_PERSON,
        "change_profile_tool",
    ),
    Route("GET", "/settings/security/tools/change/{journey}/push", tool_answers.status, Access.STRONG_PERSON),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/push",
        tool_answers.finish,
        Access.STRONG_PERSON,
        "change_profile_tool",
    ),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/operation",
        tool_change.ask_again,
        Access.STRONG_PERSON,
        "change_profile_tool",
    ),
    Route(
        "POST",
        "/settings/security/tools/change/{journey}/cancel",
        tool_change.cancel,
        Access.STRONG_PERSON,
        "change_profile_tool",
    ),
    Route("GET", "/settings/security/consents", listing.show_consents, Access.STRONG_PERSON),
    Route(
        "GET",
        "/settings/security/consents/{consent}/receipt",
        receipt.download,
        Access.STRONG_PERSON,
        "download_receipt",
    ),
    Route("GET", "/settings/security/consents/{consent}/withdraw", withdraw.ask, Access.STRONG_PERSON),
    Route(
        "POST",
        "/settings/security/consents/{consent}/withdraw",
        withdraw.withdraw,
        Access.STRONG_PERSON,
        "withdraw_profile_consent",
    ),
    # The services that rely on the profile, entered from here (P1)
    Route("POST", "/services/{client}/enter", enter.enter, Access.STRONG_PERSON, "enter_service"),
    Route("POST", "/settings/security/consents/{client}/activate", enter.enter, Access.STRONG_PERSON, "enter_service"),
    Route("GET", "/settings/security/sessions", sessions_list.show_sessions, Access.STRONG_PERSON),
    Route(
        "POST", "/settings/security/sessions/end", sessions_end.end_one, Access.STRONG_PERSON, "end_profile_sessions"
    ),
    Route(
        "POST",
        "/settings/security/sessions/end-others",
        sessions_end.end_others,
        Access.STRONG_PERSON,
        "end_profile_sessions",
    ),
    # Signatures, verified by anyone (T7)
    Route("GET", "/verify", verify.show_form, Access.ANYONE),
    Route("POST", "/verify", verify.verify, Access.ANYONE, "verify_signature"),
    # For everyone
    Route("GET", "/safety", safety.show_safety, Access.ANYONE),
    Route("GET", "/help", safety.show_help, Access.ANYONE),
    *for_everyone.ACCESSIBILITY,
]

PHONES = "/profile/devices"  # only where there is an app
NAVIGATION: tuple[NavigationItem, ...] = (
    NavigationItem("trusted.nav.home", "/profile"),
    NavigationItem("trusted.nav.details", "/profile/details"),
    NavigationItem("trusted.nav.devices", PHONES),
    NavigationItem("trusted.nav.history", "/profile/history"),
    NavigationItem("trusted.nav.consents", "/settings/security/consents"),
)
PERSON_MENU: tuple[NavigationItem, ...] = (
    NavigationItem("trusted.nav.home", "/profile"),
    NavigationItem("trusted.nav.details", "/profile/details"),
    NavigationItem("trusted.act.method", "/settings/security/tools"),
    NavigationItem("trusted.act.password", "/profile/password"),
    NavigationItem("trusted.act.sessions", "/settings/security/sessions"),
)
INSIDE = Inside(
    short_cuts=(
        ("trusted.nav.details", "/profile/details"),
        ("trusted.act.method", "/settings/security/tools"),
        ("trusted.nav.consents", "/settings/security/consents"),
        ("bank.nav.sessions", "/settings/security/sessions"),
        ("trusted.nav.history", "/profile/history"),
    ),
    above=(("trusted.nav.home", "/profile"),),
    to_consents=("trusted.nav.consents",),
    phones=PHONES,
)
FOOTER = (*provider.FOOTER, NavigationItem("trusted.nav.verify", "/verify"))


async def turn_away(request: Request, pz: TrustedProfileSystem) -> Response:
    """Nobody is signed in where somebody must be: as at a bank."""
    return await provider.turn_away(request, pz)

"""A bank's table of contents: what it answers besides what every provider does (`provider/routes.py`), and to whom.

One code base for all of them; what differs is configuration (`provider/settings/vouching.py`).
"""

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import end as sessions_end
from poreka.provider.changing_tools import answers as tool_answers
from poreka.provider.changing_tools import change as tool_change
from poreka.provider.changing_tools import connect as tool_connect
from poreka.provider.changing_tools import listing as tool_listing
from poreka.provider.changing_tools import lost as tool_lost
from poreka.provider.changing_tools import resend as tool_resend
from poreka.provider.changing_tools import undo as tool_undo
from poreka.provider.consents import listing, receipt, withdraw
from poreka.provider.differing_pages import Inside
from poreka.provider.pages import enter_service as enter
from poreka.provider.pages import home, safety
from poreka.provider.pages import own_sessions as sessions_list
from poreka.provider.pages.frame import CONSENTS
from poreka.provider.passkeys import begin as for_passkey
from poreka.provider.passkeys import pages as passkeys
from poreka.provider.routes import FOOTER, PASSWORD_SIGN_IN, PHONES, PROTOCOL, SHORT_CUTS, turn_away
from poreka.provider.settings.vouching import VouchingSettings
from poreka.provider.sign_in import passkey as sign_in_passkey
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem

__all__ = ["FOOTER", "INSIDE", "ROUTES", "navigation", "turn_away"]

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

INSIDE = Inside(short_cuts=SHORT_CUTS, to_consents=tuple(key for key, _ in CONSENTS[1:]), phones=PHONES)


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

"""The social-insurance portal's table of contents: what it answers, and to whom.

Who relies on whom is configuration (`settings.py::PortalTable`); the ways in come first, then what is inside.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone import routes as for_everyone
from poreka.for_everyone.sessions import end as sessions_end
from poreka.for_everyone.sessions import extend
from poreka.for_everyone.sessions import listing as sessions_list
from poreka.relying import backchannel_logout as end_sessions
from poreka.relying import backchannel_notification as take
from poreka.relying.sign_in import said_no
from poreka.relying.signing_out import sign_out
from poreka.store.sessions import Session
from poreka.systems.portal import turned_away
from poreka.systems.portal.certificate import begin, come_back, refused, show_certificate
from poreka.systems.portal.entry import callback, initiate, not_mine, register, steps, terms
from poreka.systems.portal.information import notices, pages, site_map
from poreka.systems.portal.orders import apply, by_redirect, in_app, listing, one
from poreka.systems.portal.own_profile import forgotten_password, new_password, registration, sign_in
from poreka.systems.portal.own_profile import passkey as sign_in_passkey
from poreka.systems.portal.pages import contact as change
from poreka.systems.portal.pages import new_address, panel, sections
from poreka.systems.portal.pages import question as ask
from poreka.systems.portal.passkeys import pages as passkeys
from poreka.systems.portal.step_up import asking
from poreka.systems.portal.step_up import choose as stronger
from poreka.systems.portal.system import Portal
from poreka.systems.portal.ways_in import bank_list as choose
from poreka.systems.portal.ways_in import ways
from poreka.web import own_keys
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem

ROUTES: list[Route] = [
    # Ways in (section: portal entry)
    Route("GET", "/", ways.sign_in_page, Access.ANYONE),
    Route("GET", "/banks", choose.show_banks, Access.ANYONE),
    Route("POST", "/banks/forget", choose.forget, Access.ANYONE, "forget_provider"),
    Route("GET", "/banks/{provider}", choose.back_to_list, Access.ANYONE),
    Route("POST", "/banks/{provider}", choose.choose, Access.ANYONE, "choose_provider"),
    Route("GET", "/initiate", initiate.initiate, Access.ANYONE, "choose_provider"),
    Route("POST", "/initiate", initiate.initiate_by_form, Access.ANYONE, "choose_provider"),
    Route("GET", "/callback/{provider}", callback.come_back, Access.ANYONE, "come_back_signed_in"),
    Route("GET", "/not-signed-in/{provider}/{reason}", said_no.show_no, Access.ANYONE),
    Route("GET", "/certificate", begin.show_what_it_takes, Access.ANYONE),
    Route("POST", "/certificate", begin.begin, Access.ANYONE, "choose_provider"),
    Route("GET", "/certificate/return", come_back.come_back, Access.ANYONE, "come_back_signed_in"),
    Route("GET", "/certificate/refused/{reason}", refused.show_refused, Access.ANYONE),
    Route("GET", "/entry/{journey}", steps.show_step, Access.ANYONE, "enter_step"),
    Route("GET", "/entry/{journey}/form", register.back_to_step, Access.ANYONE),
    Route("POST", "/entry/{journey}/form", register.register, Access.ANYONE, "enter_step"),
    Route("POST", "/entry/{journey}/cancel", register.cancel, Access.ANYONE, "enter_step"),
    Route("GET", "/entry/{journey}/not-mine", not_mine.show_question, Access.ANYONE),
    Route("POST", "/entry/{journey}/not-mine", not_mine.end_profile, Access.ANYONE, "end_false_profile"),
    Route("GET", "/entry/{journey}/terms", register.back_to_step, Access.ANYONE),
    Route("POST", "/entry/{journey}/terms", terms.accept, Access.ANYONE, "enter_step"),
    Route("POST", "/entry/{journey}/decline", terms.decline, Access.ANYONE, "enter_step"),
    Route("POST", "/backchannel-logout", end_sessions.end_sessions, Access.CLIENT, "hear_of_logout"),
    Route("POST", "/backchannel-notification", take.take_ping, Access.CLIENT, "hear_of_answer"),
    Route("GET", "/jwks", own_keys.show_keys, Access.CLIENT),
    # Profiles of its own (section: portal profiles)
    Route("GET", "/register", registration.show_form, Access.ANYONE),
    Route("POST", "/register", registration.send_form, Access.ANYONE, "register_profile"),
    Route("GET", "/register/{journey}", registration.show_step, Access.ANYONE),
    Route("POST", "/register/{journey}", registration.answer, Access.ANYONE, "register_profile"),
    Route("GET", "/sign-in", sign_in.back_to_page, Access.ANYONE),
    Route("POST", "/sign-in", sign_in.sign_in, Access.ANYONE, "sign_in_to_portal"),
    Route(
        "POST",
        "/sign-in/passkey",
        sign_in_passkey.enter_by_passkey,
        Access.ANYONE,
        "sign_in_to_portal_with_passkey",
    ),
    Route("GET", "/password", forgotten_password.ask_login, Access.ANYONE),
    Route("POST", "/password", forgotten_password.send_login, Access.ANYONE, "begin_portal_recovery"),
    Route("GET", "/password/{journey}", forgotten_password.show_step, Access.ANYONE),
    Route("POST", "/password/{journey}", new_password.answer, Access.ANYONE, "recover_portal_password"),
    # Inside (section: portal inside)
    Route("GET", "/dashboard", panel.show_panel, Access.PERSON),
    Route("GET", "/dashboard/{tab}", panel.show_tab, Access.PERSON),
    Route("GET", "/documents", sections.show_documents, Access.PERSON),
    Route("GET", "/family", sections.show_family, Access.PERSON),
    Route("GET", "/orders", listing.show_orders, Access.PERSON),
    Route("GET", "/orders/new", apply.show_form, Access.PERSON),
    Route("POST", "/orders/new", apply.apply, Access.PERSON, "file_order"),
    Route("GET", "/orders/return/{provider}", by_redirect.come_back, Access.ANYONE, "come_back_signed"),
    Route("GET", "/orders/{order}", one.show_order, Access.PERSON),
    Route("GET", "/orders/{order}/document", one.download_document, Access.PERSON),
    Route("GET", "/orders/{order}/statement", one.download_statement, Access.PERSON),
    Route("POST", "/orders/{order}/reject", one.reject_order, Access.PERSON, "reject_order"),
    Route("POST", "/orders/{order}/confirm", by_redirect.confirm, Access.PERSON, "sign_order"),
    Route("POST", "/orders/{order}/app", in_app.ask, Access.PERSON, "sign_order"),
    Route("GET", "/orders/{order}/app/{journey}", in_app.show_waiting, Access.PERSON),
    Route("POST", "/orders/{order}/app/{journey}", in_app.look_again, Access.PERSON, "sign_order"),
    Route("GET", "/orders/{order}/app/{journey}/state", in_app.tell_state, Access.PERSON, "sign_order"),
    Route("GET", "/catalogue", sections.show_catalogue, Access.PERSON),
    Route("GET", "/visits", sections.show_visits, Access.PERSON),
    Route("GET", "/search", site_map.search, Access.PERSON),
    Route("GET", "/question", ask.show_form, Access.PERSON),
    Route("POST", "/question", ask.ask, Access.PERSON, "ask_question"),
    Route("GET", "/settings", change.show_form, Access.PERSON),
    Route("POST", "/settings", change.change, Access.PERSON, "change_settings"),
    Route("GET", "/settings/email/{journey}", new_address.show_code, Access.PERSON),
    Route("POST", "/settings/email/{journey}", new_address.take_code, Access.PERSON, "change_email"),
    Route("GET", "/settings/sessions", sessions_list.show_sessions, Access.PERSON),
    Route("POST", "/settings/sessions/end", sessions_end.end_one, Access.PERSON, "end_sessions_here"),
    Route("POST", "/settings/sessions/end-others", sessions_end.end_others, Access.PERSON, "end_sessions_here"),
    Route("GET", "/settings/passkeys", passkeys.show_passkeys, Access.PERSON),
    Route("POST", "/settings/passkeys", passkeys.take_key, Access.PERSON, "add_portal_passkey"),
    Route("POST", "/settings/passkeys/prove/{provider}", passkeys.prove, Access.PERSON, "prove_for_passkey"),
    Route("GET", "/settings/passkeys/{passkey}/remove", passkeys.ask_to_remove, Access.PERSON),
    Route("POST", "/settings/passkeys/{passkey}/remove", passkeys.remove, Access.PERSON, "remove_portal_passkey"),
    Route("GET", "/step-up", stronger.show_choice, Access.PERSON),
    Route("POST", "/step-up", stronger.go, Access.PERSON, "begin_step_up"),
    Route("POST", "/session/extend", extend.extend, Access.PERSON, "extend_session"),
    Route("POST", "/sign-out", sign_out.sign_out, Access.PERSON, "sign_out"),
    Route("GET", "/signed-out", sign_out.come_back, Access.ANYONE),
    Route("GET", "/signed-out/{journey}", sign_out.show_signed_out, Access.ANYONE),
    Route("POST", "/signed-out/{journey}", sign_out.sign_out_there, Access.ANYONE, "sign_out_at_provider"),
    # Information for everyone (section: portal inside)
    Route("GET", "/help", pages.show_help, Access.ANYONE),
    Route("GET", "/regulations", pages.show_regulations, Access.ANYONE),
    *for_everyone.ACCESSIBILITY,
    Route("GET", "/site-map", site_map.show_site_map, Access.ANYONE),
    Route("GET", "/notices", notices.show_notices, Access.ANYONE),
    Route("GET", "/notices.rss", notices.show_feed, Access.ANYONE),
]

CERTIFICATE_ROUTES: list[Route] = [
    # All that answers at the origin where browsers show certificates
    Route("GET", "/", show_certificate.to_portal, Access.ANYONE),
    Route("GET", "/certificate/{state}", show_certificate.show_certificate, Access.ANYONE, "come_back_signed_in"),
]

NAVIGATION = (
    NavigationItem("portal.nav.dashboard", "/dashboard"),
    NavigationItem("portal.nav.documents", "/documents"),
    NavigationItem("portal.nav.orders", "/orders"),
    NavigationItem("portal.nav.catalogue", "/catalogue"),
    NavigationItem("portal.nav.search", "/search"),
    NavigationItem("portal.nav.visits", "/visits"),
    NavigationItem("portal.nav.settings", "/settings"),
)
FOOTER = (
    *for_everyone.FOOTER,
    NavigationItem("information.page.regulations", "/regulations"),
    NavigationItem("information.page.site_map", "/site-map"),
    NavigationItem("information.page.notices", "/notices"),
)

TABS = {f"/dashboard/{tab}" for tab in panel.TABS}
"""The addresses of the tabs with data of the insurance register."""

KEPT_FORMS = {"/question": ask.FIELDS, "/settings": change.FIELDS, "/orders/new": apply.FIELDS}
"""The forms that outlive their session (Z8): where each is sent to, and its fields; never a password."""


async def turn_away(request: Request, portal: Portal) -> Response:
    """Nobody is signed in where somebody must be."""
    return await turned_away.turned_away(request, portal, KEPT_FORMS)


async def guard(request: Request, portal: Portal, session: Session) -> Response | None:
    """Somebody is signed in, perhaps not strongly enough for this page."""
    return await asking.ask_for_more(request, portal, session, KEPT_FORMS)

"""Signing in with the portal's own login and password (Z1, Z5): from here an entry like any other begins.

Known or unknown, right or wrong: the same page after the same time. What must happen before the session is
opened (new regulations, a closed profile) is `systems/portal/entry`'s, where the journey that begins here goes on.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignInFailed
from poreka.codes.counted_tries import Try, begin_anyones_try, counted_under, right, until_verdict, wrong
from poreka.for_everyone.passkeys.own import PORTAL_SIGN_IN, form_to_sign_in
from poreka.rules.levels import Level
from poreka.rules.limits.attempts import Locked
from poreka.rules.passwords.new_password import normal_password
from poreka.rules.people.login_name import LoginNameFault, read_login_name
from poreka.store.journeys import Journey
from poreka.systems.portal.pages.closing import close_if_lapsed
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.entry_record import ENTRY_LIFE, KIND, ByPasskey, ByPassword, EntryRecord
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.door.known_browser import remember_browser
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.own_journey import begin_journey


async def back_to_page(request: Request, system: Portal) -> Response:
    """GET /sign-in: a reload or a change of language after a failed try."""
    query = request.url.query
    return redirect(request, system, f"/?{query}" if query else "/")


async def sign_in(request: Request, system: Portal) -> Response:
    """POST /sign-in."""
    fields = await read_form(request, system, "login", "password")
    texts = texts_of(request, system)
    missing = [name for name in ("login", "password") if not fields[name].strip()]
    if missing:
        return sign_in_again(
            request,
            system,
            fields["login"],
            {name: texts(f"profiles.sign_in.{name}_empty") for name in missing},
        )
    name = read_login_name(fields["login"])
    subject = counted_under(system, "password", fields["login"].strip().lower())
    tried = await begin_anyones_try(request, system, subject)
    if not isinstance(tried, Try):
        key = "locked" if isinstance(tried, Locked) else "slowed"
        await system.audit.save(event=SignInFailed(person_id=None, reason=key))
        seconds = tried.seconds if key == "slowed" else -(-tried.seconds // 60)
        return sign_in_again(
            request, system, fields["login"], {"password": texts.plural(f"profiles.sign_in.{key}", seconds)}
        )
    async with until_verdict(system, tried):
        profile = None if isinstance(name, LoginNameFault) else await system.profiles.by_login(name)
        if profile is not None and await close_if_lapsed(system, profile):
            profile = None
        stored = profile.password_hash if profile else None
        is_right = await system.passwords.matches(stored, normal_password(fields["password"]))
        if profile is None or stored is None or not is_right:
            async with system.audit.transaction() as (transaction, record):
                await wrong(system, transaction, tried)
                await record(SignInFailed(person_id=profile.id if profile else None, reason="wrong"))
            return sign_in_again(request, system, fields["login"], {"password": texts("profiles.sign_in.wrong")})
        journey = entry_journey(request, system, ByPassword(profile_id=profile.id, password_hash=stored))
        async with system.database.transaction() as transaction:
            await right(system, transaction, tried)
            await transaction.insert(system.journeys.adding(journey))
    return remember_browser(request, redirect(request, system, f"/entry/{journey.id}"), system, subject)


def entry_journey(request: Request, system: Portal, person: ByPassword | ByPasskey) -> Journey:
    """The entry that begins for whoever signed in with the portal's own means."""
    now = system.clock()
    state = EntryState(issuer=None, expires_at=now + ENTRY_LIFE, level=Level.LOW)
    return begin_journey(request, system, KIND, EntryRecord(state=state, person=person), state.expires_at)


def sign_in_again(request: Request, system: Portal, login: str, problems: dict[str, str]) -> Response:
    """The sign-in page with what is wrong; the password is never written back."""
    return show(
        request,
        system,
        "systems/portal/ways_in/page.html",
        wide=True,
        login=login,
        passkey=form_to_sign_in(request, system, PORTAL_SIGN_IN),
        errors=FormErrors(problems),
    )

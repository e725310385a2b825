"""Changing contact data: guarded by the version that was on the page, so that no tab undoes another (Z8).

Codes for a forgotten password go to the e-mail address, so a session left open is not enough to move it: who has a
password types it once more, the new address gets a code, and both are told (`new_address.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SettingsChanged
from poreka.codes.counted_tries import count_sending
from poreka.for_everyone.present_password import is_present
from poreka.rules.people.contact import Email, EmailFault, read_email
from poreka.rules.people.phone_number import Phone, PhoneFault, TakenNumbers, read_phone, shown_phone
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.portal.pages.new_address import begin_new_address
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

FORM = "settings"
FIELDS = ("phone", "email", "electronic_information", "version")
PRESENT = "present_password"


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact data without a fault."""

    phone: Phone | None
    email: Email
    electronic_information: bool


async def show_form(request: Request, system: Portal, session: Session) -> Response:
    """GET /settings; what was kept from an ended session stands in the form again."""
    profile = await _profile(system, session)
    browser_hash = secret_hash(browser_of(request, system))
    waiting = await system.kept_forms.waiting(browser_hash, session.person_id, system.clock())
    kept = [dict(one.fields) for one in waiting if one.form == FORM]
    typed = kept[-1] if kept else _as_typed(profile)
    saved = request.query_params.get("saved") == "yes" and not kept
    return _page(request, system, session, profile, typed, kept=bool(kept), saved=saved)


async def change(request: Request, system: Portal, session: Session) -> Response:
    """POST /settings."""
    fields = await read_form(request, system, *FIELDS, PRESENT)
    before = await _profile(system, session)
    if fields["version"] != str(before.version):
        return _page(request, system, session, before, fields, conflict=True)
    contact = read_contact(fields, system.settings.sms.numbers)
    if not isinstance(contact, Contact):
        return _page(request, system, session, before, fields, problems=contact)

    after = replace(
        before,
        phone=contact.phone,
        electronic_information=contact.electronic_information,
    )
    changed, moved = changed_fields(before, after), contact.email != before.email
    if (moved or "phone" in changed) and (fault := await _fault_of_proof(system, before, fields[PRESENT])):
        return _page(request, system, session, before, fields, problems={PRESENT: fault})
    if moved and not await count_sending(system, "new address", before.id):
        return _page(request, system, session, before, fields, problems={"email": "portal.settings.fault.email.wait"})
    try:
        async with system.audit.transaction() as (transaction, record):
            browser_hash = secret_hash(browser_of(request, system))
            await system.kept_forms.forget(transaction, browser_hash, session.person_id, FORM)
            if changed:
                await system.profiles.save(transaction, before, after)
                await record(SettingsChanged(person_id=session.person_id, fields=changed))
    except Stale:
        return _page(request, system, session, await _profile(system, session), fields, conflict=True)
    if moved:
        return redirect(request, system, await begin_new_address(request, system, before, contact.email))
    return redirect(request, system, "/settings?saved=yes")


async def _fault_of_proof(system: Portal, profile: Profile, typed: str) -> str | None:
    """What is wrong with the present password, as a text key; who has none came through a provider."""
    if profile.password_hash is None:
        return None
    if await is_present(system, profile.id, profile.password_hash, typed):
        return None
    return "portal.settings.fault.present_password"


def read_contact(fields: Mapping[str, str], taken: TakenNumbers) -> Contact | dict[str, str]:
    """The form read by the rules, or text keys of what is wrong, by field."""
    phone = read_phone(fields["phone"], taken, mobile=False)
    email = read_email(fields["email"])
    problems = {}
    if isinstance(phone, PhoneFault):
        problems["phone"] = f"phone.fault.{phone.value}"
    if isinstance(email, EmailFault):
        problems["email"] = f"portal.settings.fault.email.{email.value}"
    if isinstance(phone, PhoneFault) or isinstance(email, EmailFault):
        return problems
    return Contact(phone, email, fields["electronic_information"] == "yes")


def changed_fields(before: Profile, after: Profile) -> tuple[str, ...]:
    """The names of what changed."""
    names = ("phone", "electronic_information")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


async def _profile(system: Portal, session: Session) -> Profile:
    profile = await system.profiles.by_id(session.person_id)
    if profile is None:
        raise LookupError("a session without its profile")
    return profile


def _as_typed(profile: Profile) -> dict[str, str]:
    return {
        "phone": shown_phone(profile.phone or ""),
        "email": profile.email,
        "electronic_information": "yes" if profile.electronic_information else "",
    }


def _page(
    request: Request,
    system: Portal,
    session: Session,
    profile: Profile,
    typed: Mapping[str, str],
    *,
    problems: Mapping[str, str] | None = None,
    conflict: bool = False,
    kept: bool = False,
    saved: bool = False,
) -> Response:
    wrong = {"": "portal.settings.conflict"} if conflict else problems or {}
    return show(
        request,
        system,
        "systems/portal/pages/contact.html",
        session=session,
        status=409 if conflict else None,
        errors=form_errors(texts_of(request, system), wrong),
        typed=typed,
        profile_version=profile.version,
        facts=profile.profile.facts,
        state=profile.profile.state.value,
        now_saved=_as_typed(profile) if conflict or kept else None,
        passkeys=system.passkeys is not None,
        own_password=profile.login is not None,
        kept=kept,
        saved=saved,
    )

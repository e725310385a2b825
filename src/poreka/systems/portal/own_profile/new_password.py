"""Setting a new password after a recovery: every session of the profile ends, and its owner is told (Z1).

Every session of the profile ends with the old password; the owner is told by e-mail.
"""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import PasswordChanged
from poreka.codes.counted_tries import counted_under
from poreka.codes.new_password import problems_of
from poreka.for_everyone.sessions.ending import end_all_but
from poreka.rules.passwords.new_password import normal_password
from poreka.store.database import Stale
from poreka.systems.portal.own_profile.forgotten_password import Recovering, answer_code, load, show_page
from poreka.systems.portal.own_profile.letters import news
from poreka.systems.portal.rules.forgotten_password import stands_at
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import form_errors


async def answer(request: Request, system: Portal) -> Response:
    """POST /password/{journey}: what the step it stands at asks for."""
    fields = await read_form(request, system, "code", "do", "password", "password_again")
    now = await load(request, system)
    step = getattr(stands_at(now.state, system.clock()), "name", None)
    if step == "code":
        return await answer_code(request, system, now, fields)
    if step == "new_password" and now.profile is not None and fields["do"] == "set":
        return await _set_password(request, system, now, now.profile, fields)
    return redirect(request, system, now.address)


async def _set_password(
    request: Request, system: Portal, now: Recovering, profile: Profile, fields: Mapping[str, str]
) -> Response:
    texts = texts_of(request, system)
    login = profile.login or ""
    problems = problems_of(system, fields, profile.profile.facts, login)
    if problems:
        return show_page(request, system, now, errors=form_errors(texts, problems))
    password_hash = await system.passwords.hash(normal_password(fields["password"]))
    letter = news(system, texts, "password_changed", profile.email, f"profile:{profile.id}")
    state = msgspec.structs.replace(now.state, changed_at=system.clock())
    try:
        async with system.audit.transaction() as (transaction, record):
            await system.journeys.save(transaction, now.journey, msgspec.json.encode(state))
            await system.profiles.save(transaction, profile, replace(profile, password_hash=password_hash))
            await system.attempts.clear(transaction, counted_under(system, "password", login))
            await transaction.insert(letter)
            await record(PasswordChanged(person_id=profile.id))
            await end_all_but(system, transaction, record, profile.id, but=None, by="person")
    except Stale:
        return redirect(request, system, now.address)
    system.wake_delivery()
    return redirect(request, system, now.address)

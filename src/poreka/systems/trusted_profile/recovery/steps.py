"""GET and POST /password/{journey}: the code by e-mail, then the tool's answer, then the new password (T3).

`stands_at` says which of the three steps is next; `answer` takes what its page sent. `_set_password` also ends every
session of the owner with all that rests on it, and sends a notice by e-mail. `PasswordRecovered` is in the history.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.mail_code import another_code, code_letter, take_code, unknown_code_page
from poreka.codes.new_password import problems_of
from poreka.provider.client_sessions import end_every_session
from poreka.rules.passwords.new_password import normal_password
from poreka.store.database import Stale
from poreka.systems.trusted_profile.events import PasswordRecovered
from poreka.systems.trusted_profile.notices import notice
from poreka.systems.trusted_profile.operation.wanted import RECOVERY, address_of, wanted_operation
from poreka.systems.trusted_profile.recovery.standing import Recovering, load, owner
from poreka.systems.trusted_profile.rules.recovery import ProfileRecoveryEnded, stands_at
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import NO_ERRORS, FormErrors, form_errors
from poreka.web.frame import show

FIELDS = ("code", "do", "password", "password_again")


async def show_step(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /password/{journey}."""
    return _page(request, pz, await load(request, pz))


async def answer(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /password/{journey}: do what the page of the next step sent; anything else redirects to that page."""
    fields = await read_form(request, pz, *FIELDS)
    standing = await load(request, pz)
    step = getattr(stands_at(standing.state, pz.clock()), "name", None)
    if step == "email":
        return await _email(request, pz, standing, fields)
    if step == "tool" and standing.owned is not None:
        return await _ask_tool(request, pz, standing, standing.owned)
    if step == "new_password" and standing.owned is not None and fields["do"] == "set":
        return await _set_password(request, pz, standing, standing.owned, fields)
    return redirect(request, pz, standing.address)


async def _email(
    request: Request, pz: TrustedProfileSystem, standing: Recovering, fields: Mapping[str, str]
) -> Response:
    if fields["do"] == "again":
        owned = await owner(pz, standing.state)
        recipient, person_id = (owned.email, owned.id) if owned else (None, None)
        letter = code_letter(pz, texts_of(request, pz), "recovery", recipient, person_id)
        if wait := await another_code(request, pz, standing.operation, letter):
            return _page(request, pz, standing, code_wait=wait)
        return redirect(request, pz, f"{standing.address}?sent=again")
    holds, account = partial(owner, pz, standing.state), standing.state.account
    wrong = await take_code(request, pz, standing.operation, fields["code"], account, holds)
    return _page(request, pz, standing, code_wrong=wrong) if wrong else redirect(request, pz, standing.address)


async def _ask_tool(request: Request, pz: TrustedProfileSystem, standing: Recovering, owned: OwnedProfile) -> Response:
    """Begin the own operation for the tool's answer and redirect to its page; no code is sent before that."""
    wanted = wanted_operation(request, pz, RECOVERY, owned.id, then=standing.address)
    state = msgspec.structs.replace(standing.state, tool_journey=wanted.id)
    try:
        async with pz.audit.transaction() as (transaction, _):
            await transaction.insert(pz.journeys.adding(wanted))
            await pz.journeys.save(transaction, standing.journey, msgspec.json.encode(state))
    except Stale:
        return redirect(request, pz, standing.address)
    return redirect(request, pz, address_of(RECOVERY, wanted.id))


async def _set_password(
    request: Request, pz: TrustedProfileSystem, standing: Recovering, owned: OwnedProfile, fields: Mapping[str, str]
) -> Response:
    texts = texts_of(request, pz)
    if problems := problems_of(pz, fields, owned.profile.facts, owned.user_name):
        return _page(request, pz, standing, errors=form_errors(texts, problems))
    password_hash = await pz.passwords.hash(normal_password(fields["password"]))
    state = msgspec.structs.replace(standing.state, changed_at=pz.clock())
    try:
        async with pz.audit.transaction() as (transaction, record):
            await pz.journeys.save(transaction, standing.journey, msgspec.json.encode(state))
            await pz.profiles.save(transaction, owned, replace(owned, password_hash=password_hash))
            await record(PasswordRecovered(person_id=owned.id))
            await end_every_session(pz, transaction, record, owned.id, by="changed")
            await transaction.insert(notice(pz, texts, owned, "password_recovered"))
    except Stale:
        return redirect(request, pz, standing.address)
    pz.wake_delivery()
    return redirect(request, pz, standing.address)


def _page(
    request: Request,
    pz: TrustedProfileSystem,
    standing: Recovering,
    *,
    code_wrong: str | None = None,
    code_wait: int = 0,
    errors: FormErrors = NO_ERRORS,
) -> Response:
    step = stands_at(standing.state, pz.clock())
    if isinstance(step, ProfileRecoveryEnded):
        return show(request, pz, "systems/trusted_profile/recovery/ended.html", ended=step.value)
    if step.name == "email":
        code: dict[str, Any] = {"wrong": code_wrong, "wait": code_wait, "what": "recovery"}
        data = unknown_code_page(request, pz, standing.operation, standing.address, **code)
        return show(request, pz, "codes/by_mail.html", **data)
    if step.name == "tool":
        return show(request, pz, "systems/trusted_profile/recovery/tool.html", address=standing.address)
    return show(request, pz, "codes/new_password.html", address=standing.address, errors=errors)

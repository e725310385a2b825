"""A forgotten password: which login → code by e-mail → new password (Z1).

An unknown login gets the same pages at the same pace; no address is shown, because even its shape would tell
something. What is sent here for one login is counted. Setting the password: `new_password.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import OperationAuthorised
from poreka.flows.own_profile.letters import code_letter
from poreka.flows.own_profile.tries import count, counted_under, wait_text
from poreka.journeys.forgotten_password import ForgottenPasswordState, RecoveryEnded, stands_at
from poreka.rules.attempts import CODES_LOCK, Allowed
from poreka.rules.login_name import LoginNameFault, read_login_name
from poreka.rules.operation import (
    Aborted,
    Authorised,
    Expired,
    NewCode,
    NoMoreResends,
    NotOpen,
    Operation,
    OperationState,
    TooSoon,
    WrongCode,
    as_of,
)
from poreka.rules.operation_code import CodeFault
from poreka.rules.portal_profile import ProfileState
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.store.profiles import Profile
from poreka.web.failures import StalePage
from poreka.web.frame import browser_of, read_form, redirect, show, texts_of
from poreka.web.journey_codes import (
    LIMITS,
    CodeLetter,
    issue_code,
    note_refused,
    send_again,
    try_typed,
)
from poreka.web.message_state import asked_for
from poreka.web.own_journey import own_journey
from poreka.web.systems import Portal

KIND = "forgotten_password"
LIFE = 30 * 60


@dataclass(frozen=True, slots=True)
class Recovering:
    """A recovery as it was read, its state brought up to date from the operation."""

    journey: Journey
    state: ForgottenPasswordState
    operation: Operation | None
    profile: Profile | None

    @property
    def address(self) -> str:
        """The page that shows the step it stands at."""
        return f"/password/{self.journey.id}"


async def ask_login(request: Request, system: Portal) -> Response:
    """GET /password."""
    return show(request, system, "flows/own_profile/password_login.html", login="", wrong=None)


async def send_login(request: Request, system: Portal) -> Response:
    """POST /password: begin a recovery, for a login that exists or not."""
    fields = await read_form(request, system, "login")
    typed, texts = fields["login"].strip(), texts_of(request, system)
    if not typed:
        return _login_again(request, system, typed, texts("profiles.sign_in.login_empty"))
    allowed = await count(system, counted_under(system, "password code", typed.lower()), lock=CODES_LOCK)
    if not isinstance(allowed, Allowed):
        return _login_again(request, system, typed, wait_text(texts, allowed))
    name = read_login_name(typed)
    found = None if isinstance(name, LoginNameFault) else await system.profiles.by_login(name)
    profile = found if found is not None and found.profile.state is not ProfileState.CLOSED else None
    return redirect(request, system, f"/password/{await _begin(request, system, profile)}")


async def show_step(request: Request, system: Portal) -> Response:
    """GET /password/{journey}."""
    return show_page(request, system, await load(request, system))


async def load(request: Request, system: Portal) -> Recovering:
    """The recovery of this address and browser; raises `StalePage`.

    Whose it is, is read only for who gave the code: before that nothing may depend on whether there is such a login,
    not what a page says and not how long it takes.
    """
    journey, now = await own_journey(request, system, KIND), system.clock()
    state = msgspec.json.decode(journey.state, type=ForgottenPasswordState)
    owned = await system.operations.load(state.operation_id) if state.operation_id else None
    operation = as_of(owned.operation, now) if owned else None
    state = msgspec.structs.replace(state, operation=operation.state if operation else None)
    profile = await _owner(system, state) if state.operation is OperationState.AUTHORISED else None
    return Recovering(journey, state, operation, profile)


async def _owner(system: Portal, state: ForgottenPasswordState) -> Profile | None:
    """Whose recovery it is, if anybody's (who is looked up all the same); raises `StalePage` if it lost its ground."""
    profile = await system.profiles.by_id(state.account or "")
    if profile is not None and state.changed_at is None and not _is_as_it_was(profile, state):
        raise StalePage
    return profile


def _is_as_it_was(profile: Profile, state: ForgottenPasswordState) -> bool:
    """Nothing happened since that takes this recovery its ground: its owner came through a bank, the profile was
    closed, the password was set by another recovery, or codes now go to another address.
    """
    has_password = profile.login is not None and profile.profile.state is not ProfileState.CLOSED
    return has_password and (profile.email, profile.password_hash) == (state.email, state.password_hash)


async def answer_code(request: Request, system: Portal, now: Recovering, fields: Mapping[str, str]) -> Response:
    """The code, or the wish for a new one."""
    if now.operation is None:
        return redirect(request, system, now.address)
    texts, person_id = texts_of(request, system), now.state.account
    if fields["do"] == "again":
        return await _again(request, system, now, now.operation)
    match try_typed(system, now.operation, fields["code"]):
        case CodeFault():
            return show_page(request, system, now, code_wrong=texts("profiles.code.six_digits"))
        case Authorised(after):
            await _owner(system, now.state)
            await _authorise(system, now.operation, after, person_id)
        case WrongCode(after, left):
            if await note_refused(system, now.operation, after, person_id):
                return show_page(request, system, now, code_wrong=texts.plural("profiles.code.wrong", left))
        case Aborted(after) | Expired(after):
            await note_refused(system, now.operation, after, person_id)
        case NotOpen():
            pass  # the page shows how it ended
    return redirect(request, system, now.address)


def show_page(
    request: Request,
    system: Portal,
    now: Recovering,
    *,
    code_wrong: str | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    """The page of the step a recovery stands at, with what was wrong with what was sent."""
    step = stands_at(now.state, system.clock())
    if isinstance(step, RecoveryEnded):
        return show(request, system, "flows/own_profile/password_ended.html", ended=step.value)
    if step.name == "new_password":
        errors = [{"text": text, "href": f"#{field}"} for field, text in (problems or {}).items()]
        data: dict[str, Any] = {"errors": errors, "status": 422} if errors else {}
        template = "flows/own_profile/new_password.html"
        return show(request, system, template, address=now.address, faults=problems or {}, **data)
    return show(request, system, "flows/own_profile/code.html", **_code_data(request, now, code_wrong))


def _code_data(request: Request, now: Recovering, wrong: str | None) -> dict[str, Any]:
    operation = now.operation
    if operation is None:
        raise StalePage
    return {
        "status": 422 if wrong else 200,
        "what": "password",
        "address": now.address,
        "email": None,
        "message": None,  # how it stands would tell whether there is such a login
        "asked_for": asked_for(operation),
        "back": "/password",
        "number": operation.number,
        "date": operation.date.strftime("%d-%m-%Y"),
        "expired": False,
        "resends_left": LIMITS.resends - operation.resends,
        "sent_again": request.query_params.get("sent") == "again" and not wrong,
        **({"errors": [{"text": wrong, "href": "#code"}]} if wrong else {}),
    }


def _letter(request: Request, system: Portal, profile: Profile | None) -> CodeLetter:
    recipient, person_id = (profile.email, profile.id) if profile else (None, None)
    return code_letter(system, texts_of(request, system), "password", recipient, person_id)


def _login_again(request: Request, system: Portal, login: str, wrong: str) -> Response:
    errors = [{"text": wrong, "href": "#login"}]
    template = "flows/own_profile/password_login.html"
    return show(request, system, template, status=422, login=login, wrong=wrong, errors=errors)


async def _again(request: Request, system: Portal, now: Recovering, operation: Operation) -> Response:
    texts = texts_of(request, system)
    match await send_again(system, operation, _letter(request, system, await _owner(system, now.state))):
        case TooSoon(seconds):
            return show_page(request, system, now, code_wrong=texts.plural("profiles.code.too_soon", seconds))
        case NoMoreResends():
            return show_page(request, system, now, code_wrong=texts("profiles.code.no_more"))
        case NewCode() | Expired() | NotOpen():
            pass  # the page shows what became of it
    return redirect(request, system, f"{now.address}?sent=again")


async def _authorise(system: Portal, before: Operation, after: Operation, person_id: str | None) -> None:
    try:
        async with system.audit.transaction() as (transaction, record):
            await system.operations.save(transaction, before, after)
            await record(OperationAuthorised(person_id=person_id, operation_id=after.id))
    except Stale:
        pass  # the page shows what another tab made of it


async def _begin(request: Request, system: Portal, profile: Profile | None) -> str:
    now, journey_id = system.clock(), system.fresh.id()
    async with system.audit.transaction() as (transaction, record):
        letter = _letter(request, system, profile)
        operation = await issue_code(system, transaction, record, journey_id, letter)
        state = ForgottenPasswordState(
            expires_at=now + LIFE,
            requested=True,
            account=profile.id if profile else None,
            email=profile.email if profile else None,
            password_hash=profile.password_hash if profile else None,
            operation_id=operation.id,
        )
        journey = Journey(
            id=journey_id,
            kind=KIND,
            browser_hash=secret_hash(browser_of(request, system)),
            state=msgspec.json.encode(state),
            created_at=now,
            expires_at=state.expires_at,
        )
        await transaction.insert(system.journeys.adding(journey))
    system.wake_delivery()
    return journey_id

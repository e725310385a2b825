"""A forgotten password: which login → code by e-mail → new password (Z1).

For an unknown login the pages and their pace are the same; no e-mail address is shown, because even its shape would
tell something. The codes sent for one login are counted. Setting the password: `new_password.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.answer import LIMITS
from poreka.codes.counted_tries import count_for_name, counted_under, wait_text
from poreka.codes.journey_codes import CodeLetter
from poreka.codes.mail_code import another_code, begin_with_code, code_letter, take_code, unknown_code_page
from poreka.rules.authorising.operation import Operation, OperationState, as_of, awaited
from poreka.rules.limits.attempts import Allowed
from poreka.rules.limits.recovery_pause import is_barred
from poreka.rules.people.login_name import LoginNameFault, read_login_name
from poreka.store.journeys import Journey
from poreka.systems.portal.rules.forgotten_password import ForgottenPasswordState, RecoveryEnded, stands_at
from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage
from poreka.web.form_errors import NO_ERRORS, FormErrors
from poreka.web.frame import show
from poreka.web.own_journey import own_journey

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
    return show(request, system, "systems/portal/own_profile/password_login.html", login="")


async def send_login(request: Request, system: Portal) -> Response:
    """POST /password: begin a recovery, for a login that exists or not."""
    fields = await read_form(request, system, "login")
    typed, texts = fields["login"].strip(), texts_of(request, system)
    if not typed:
        return _login_again(request, system, typed, texts("profiles.sign_in.login_empty"))
    subject = counted_under(system, "password", typed.lower())
    allowed = await count_for_name(request, system, "password code", typed.lower(), subject)
    if not isinstance(allowed, Allowed):
        return _login_again(request, system, typed, wait_text(texts, allowed))
    name = read_login_name(typed)
    of_login = None if isinstance(name, LoginNameFault) else await system.profiles.by_login(name)
    profile = of_login if of_login is not None and of_login.profile.state is not ProfileState.CLOSED else None
    return redirect(request, system, f"/password/{await _begin(request, system, profile)}")


async def show_step(request: Request, system: Portal) -> Response:
    """GET /password/{journey}."""
    return show_page(request, system, await load(request, system))


async def load(request: Request, system: Portal) -> Recovering:
    """The recovery of this address and browser; raises `StalePage`.

    The profile is read only after the right code: before that neither what a page says nor how long it takes may depend
    on whether there is such a login.
    """
    journey, now = await own_journey(request, system, KIND), system.clock()
    state = msgspec.json.decode(journey.state, type=ForgottenPasswordState)
    owned = await system.operations.load(state.operation_id) if state.operation_id else None
    operation = as_of(owned.operation, now) if owned else None
    state = msgspec.structs.replace(state, operation=awaited(operation, LIMITS) if operation else None)
    profile = await _owner(system, state) if state.operation is OperationState.AUTHORISED else None
    pause = system.settings.portal.recovery_pause_hours
    if profile is not None and state.changed_at is None:
        state = msgspec.structs.replace(state, barred=is_barred(profile.contact_changed_at, now, pause))
    return Recovering(journey, state, operation, profile)


async def _owner(system: Portal, state: ForgottenPasswordState) -> Profile | None:
    """The profile of the login, None for an unknown one; raises `StalePage` unless it is as when the recovery began.

    For an unknown login the store is asked as well, so that it takes as long.
    """
    profile = await system.profiles.by_id(state.account or "")
    if profile is not None and state.changed_at is None and not _is_as_it_was(profile, state):
        raise StalePage
    return profile


def _is_as_it_was(profile: Profile, state: ForgottenPasswordState) -> bool:
    """Whether the profile has the password and the e-mail address that it had when the recovery began.

    It has not when its owner came through a bank (which ends the password), when the profile was closed, when another
    recovery set the password, or when the address was changed.
    """
    has_password = profile.login is not None and profile.profile.state is not ProfileState.CLOSED
    return has_password and (profile.email, profile.password_hash) == (state.email, state.password_hash)


async def answer_code(request: Request, system: Portal, now: Recovering, fields: Mapping[str, str]) -> Response:
    """The code, or the wish for a new one."""
    if now.operation is None:
        return redirect(request, system, now.address)
    if fields["do"] == "again":
        letter = _letter(request, system, await _owner(system, now.state))
        if wait := await another_code(request, system, now.operation, letter):
            return show_page(request, system, now, code_wait=wait)
        return redirect(request, system, f"{now.address}?sent=again")
    owner = partial(_owner, system, now.state)
    wrong = await take_code(request, system, now.operation, fields["code"], now.state.account, owner)
    return show_page(request, system, now, code_wrong=wrong) if wrong else redirect(request, system, now.address)


def show_page(
    request: Request,
    system: Portal,
    now: Recovering,
    *,
    code_wrong: str | None = None,
    code_wait: int = 0,
    errors: FormErrors = NO_ERRORS,
) -> Response:
    """The page of the step a recovery stands at, with what was wrong with what was sent."""
    step = stands_at(now.state, system.clock())
    if isinstance(step, RecoveryEnded):
        return show(request, system, "systems/portal/own_profile/password_ended.html", ended=step.value)
    if step.name == "new_password":
        return show(request, system, "codes/new_password.html", address=now.address, errors=errors)
    if now.operation is None:
        raise StalePage
    data = unknown_code_page(request, system, now.operation, now.address, wrong=code_wrong, wait=code_wait)
    return show(request, system, "codes/by_mail.html", **data)


def _letter(request: Request, system: Portal, profile: Profile | None) -> CodeLetter:
    recipient, person_id = (profile.email, profile.id) if profile else (None, None)
    return code_letter(system, texts_of(request, system), "password", recipient, person_id)


def _login_again(request: Request, system: Portal, login: str, wrong: str) -> Response:
    template = "systems/portal/own_profile/password_login.html"
    return show(request, system, template, login=login, errors=FormErrors({"login": wrong}))


async def _begin(request: Request, system: Portal, profile: Profile | None) -> str:
    expires_at = system.clock() + LIFE

    def state(operation_id: str) -> ForgottenPasswordState:
        return ForgottenPasswordState(
            expires_at=expires_at,
            requested=True,
            account=profile.id if profile else None,
            email=profile.email if profile else None,
            password_hash=profile.password_hash if profile else None,
            operation_id=operation_id,
        )

    return await begin_with_code(request, system, KIND, LIFE, _letter(request, system, profile), state)

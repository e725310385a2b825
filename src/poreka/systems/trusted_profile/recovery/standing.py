"""A recovery as every page of it begins: `load` reads its state, the operation of its code, and its profile.

`load` reads the profile only once the code from the mailbox was right (`owned` is None before). Until then neither a
page nor its time may depend on whether there is a profile of the name that was typed.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request

from poreka.codes.answer import LIMITS
from poreka.rules.authorising.operation import Operation, OperationState, as_of, awaited
from poreka.rules.limits.recovery_pause import is_barred
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.systems.trusted_profile.operation.wanted import KIND as OPERATION_KIND
from poreka.systems.trusted_profile.operation.wanted import RECOVERY, OwnOperation
from poreka.systems.trusted_profile.recovery.asked import KIND
from poreka.systems.trusted_profile.rules.profile import is_valid
from poreka.systems.trusted_profile.rules.recovery import ProfileRecoveryState
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.own_cookies import browser_of
from poreka.web.failures import StalePage
from poreka.web.own_journey import own_journey


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovering:
    """Everything a step needs to know; `owned` is None until the mailbox is proven."""

    journey: Journey
    state: ProfileRecoveryState
    operation: Operation
    owned: OwnedProfile | None

    @property
    def address(self) -> str:
        """The page that shows the step it stands at."""
        return f"/password/{self.journey.id}"


async def load(request: Request, pz: TrustedProfileSystem) -> Recovering:
    """The recovery that the address names, in this browser; raises `StalePage`, also where its profile has changed.

    `barred` and `tool_answered` are worked out anew each time, from the profile and from the tool's own operation.
    """
    journey, now = await own_journey(request, pz, KIND), pz.clock()
    state = msgspec.json.decode(journey.state, type=ProfileRecoveryState)
    stored = await pz.operations.load(state.operation_id or "")
    if stored is None:
        raise StalePage
    operation = as_of(stored.operation, now)
    state = msgspec.structs.replace(state, operation=awaited(operation, LIMITS))
    owned = None
    if operation.state is OperationState.AUTHORISED and state.changed_at is None:
        owned = await owner(pz, state)
        pause = pz.settings.trusted_profile.recovery_pause_hours
        state = msgspec.structs.replace(
            state,
            barred=owned is not None and is_barred(owned.contact_changed_at, now, pause),
            tool_answered=await _tool_answered(request, pz, state),
        )
    return Recovering(journey=journey, state=state, operation=operation, owned=owned)


async def owner(pz: TrustedProfileSystem, state: ProfileRecoveryState) -> OwnedProfile | None:
    """The profile that the recovery is of; None where the name is nobody's, after the same look-up.

    Raises `StalePage` where the profile is valid no more, or its e-mail address, phone or password has changed since
    the code was asked for: then the code proves nothing.
    """
    owned = await pz.profiles.load(state.account or "")
    if owned is None:
        return None
    as_it_was = (owned.email, owned.phone, owned.password_hash) == (state.email, state.phone, state.password_hash)
    if not as_it_was or not is_valid(owned.profile, pz.clock()):
        raise StalePage
    return owned


async def _tool_answered(request: Request, pz: TrustedProfileSystem, state: ProfileRecoveryState) -> bool:
    """Whether the recovery's own operation (`operation/wanted.py`) was answered rightly, in this browser."""
    if state.tool_journey is None:
        return False
    journey = await pz.journeys.load(state.tool_journey, secret_hash(browser_of(request, pz)), pz.clock())
    if journey is None or journey.kind != OPERATION_KIND:
        return False
    wanted = msgspec.json.decode(journey.state, type=OwnOperation)
    return wanted.done and wanted.deed == RECOVERY and wanted.person_id == state.account

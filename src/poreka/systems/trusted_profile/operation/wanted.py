"""Beginning an own operation: something an owner wants to do in their trusted profile, once their tool has answered.

`OwnOperation` is stored as a journey of one browser: a deed (`deeds.py`), the values it will write, and whose profile
it is. An answer for one deed authorises no other. The folders `changes`, `phones`, `recovery` and `vouched` begin one
here; `ask.py` and `answers.py` ask for the tool's answer and carry the deed out at /operation/{journey}.
"""

from collections.abc import Mapping
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.limits.code_allowance import Pot
from poreka.store.journeys import Journey
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.redirect import redirect
from poreka.web.own_journey import begin_journey

KIND = "own_operation"
LIFE = 30 * 60

DeedName = Literal["sign_in", "extend", "phone", "email", "password", "invalidate", "device", "recovery", "link"]
RECOVERY: DeedName = "recovery"
"""A deed without a session: its ground is a mailbox proven for a forgotten password
(`systems/trusted_profile/recovery`)."""
LINK: DeedName = "link"
"""A deed without a session: its ground is the word of a bank that knows the person by another surname
(`systems/trusted_profile/vouched`)."""
OF_NOBODY = frozenset({RECOVERY, LINK})


class OwnOperation(Discreet, frozen=True, kw_only=True):
    """What is stored: `values` were checked and are what the deed will write; `next` is our page to go to then."""

    deed: DeedName
    person_id: str
    values: Mapping[str, str] = {}
    next: str = "/profile"
    operation_id: str | None = None
    done: bool = False
    cancelled: bool = False


def pot_of(wanted: OwnOperation) -> Pot:
    """The day's allowance of codes that an own operation is counted against."""
    if wanted.deed in OF_NOBODY:
        return Pot.RECOVERY
    return Pot.SIGN_IN if wanted.deed == "sign_in" else Pot.OWN


async def begin(
    request: Request,
    pz: TrustedProfileSystem,
    deed: DeedName,
    person_id: str,
    *,
    values: Mapping[str, str] | None = None,
    then: str = "/profile",
) -> Response:
    """Store the own operation and redirect to its page; no code is sent until the person asks for it there."""
    journey = wanted_operation(request, pz, deed, person_id, values=values, then=then)
    await pz.database.insert(pz.journeys.adding(journey))
    return redirect(request, pz, address_of(deed, journey.id))


def wanted_operation(
    request: Request,
    pz: TrustedProfileSystem,
    deed: DeedName,
    person_id: str,
    *,
    values: Mapping[str, str] | None = None,
    then: str,
    life: int = LIFE,
) -> Journey:
    """The journey of a deed in this browser; the caller stores it."""
    wanted = OwnOperation(deed=deed, person_id=person_id, values=values or {}, next=then)
    return begin_journey(request, pz, KIND, wanted, pz.clock() + life)


def address_of(deed: DeedName, journey_id: str) -> str:
    """The page on which a deed's answer is asked for."""
    return f"/{deed}/{journey_id}" if deed in OF_NOBODY else f"/operation/{journey_id}"

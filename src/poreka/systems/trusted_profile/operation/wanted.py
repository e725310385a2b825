"""What an owner does in their own trusted profile, authorised as an operation of its own: stored, and begun.

An own operation is a deed (`deeds.py`) with its values, waiting for the right answer of the owner's tool. It belongs to
one browser and one person, and to this one deed: an answer for another deed is none for it. Whoever wants one begins
it here; asking and carrying out go on at /operation/{journey}.
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
"""A deed without a session: its ground is the journey of a forgotten password (`systems/trusted_profile/recovery`)."""
LINK: DeedName = "link"
"""Another one: its ground is a bank's word, which knows the person under another surname
(`systems/trusted_profile/vouched`)."""
OF_NOBODY = frozenset({RECOVERY, LINK})


class OwnOperation(Discreet, frozen=True, kw_only=True):
    """What is stored of one; `values` are what the deed will write down, checked before; `next` is a page of ours."""

    deed: DeedName
    person_id: str
    values: Mapping[str, str] = {}
    next: str = "/profile"
    operation_id: str | None = None
    done: bool = False
    cancelled: bool = False


def pot_of(wanted: OwnOperation) -> Pot:
    """What an own operation is counted for: a sign-in, something of one's own, or one of nobody who is signed in."""
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
    """Keep what is wanted, and go to the page that asks for the answer; nothing is sent before that page is asked."""
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
    """The journey of a deed in this browser, to be kept."""
    wanted = OwnOperation(deed=deed, person_id=person_id, values=values or {}, next=then)
    return begin_journey(request, pz, KIND, wanted, pz.clock() + life)


def address_of(deed: DeedName, journey_id: str) -> str:
    """Where the answer for a deed is asked for."""
    return f"/{deed}/{journey_id}" if deed in OF_NOBODY else f"/operation/{journey_id}"

"""Within five minutes of a sign-in through a provider, in its browser and session, a device may be bound.

What binding needs of the sign-in is kept, sealed, with the journey: whose account, on whose word, and the date of
birth, which no PIN may be.
"""

import datetime

import msgspec
from starlette.requests import Request

from poreka.oidc.relying_party.discreet import Discreet
from poreka.relying.sign_in.returned import Returned
from poreka.rules.anothers_word import WORD_LIFE
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.failures import StalePage
from poreka.web.own_journey import begin_journey, own_journey

KIND, LIFE = "binding", WORD_LIFE


class BindingOffer(Discreet, frozen=True, kw_only=True):
    """What is stored."""

    sid: str
    account: str
    owner: str
    issuer: str
    subject: str
    born: datetime.date


def offer(request: Request, app: Mojeikp, came: Returned, account: str, sid: str) -> Journey:
    """The journey of an entry just made."""
    now, facts, signed_in = app.clock(), came.facts, came.vouched.signed_in
    offered = BindingOffer(
        sid=sid,
        account=account,
        owner=f"{facts.first_name} {facts.surname}",
        issuer=signed_in.issuer,
        subject=signed_in.sub,
        born=facts.pesel.birth_date,
    )
    return begin_journey(request, app, KIND, offered, now + LIFE)


async def offered_to(request: Request, app: Mojeikp, session: Session) -> tuple[Journey, BindingOffer]:
    """The offer that the address names, in its own browser and session; raises `StalePage`."""
    journey = await own_journey(request, app, KIND)
    offered = msgspec.json.decode(journey.state, type=BindingOffer)
    if offered.sid != session.sid or offered.account != session.person_id:
        raise StalePage
    return journey, offered

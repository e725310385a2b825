"""The beginning of a release, whatever protocol the request came by: its state on arrival, and its journey.

Who needs nothing more is answered at once, without a page and without a journey (P6); for everyone else a journey
begins and the browser goes to its page. What a request must be like, and what an error says, is the protocol's:
`authorize.py` for OpenID Connect.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import ReleaseRefused
from poreka.provider.release.standing import BY_SMS, KIND, Person, current_state, means_of
from poreka.provider.release.stored import Release
from poreka.provider.rules.release import RELEASE_SECONDS, ReleaseState, WayIn, as_wished, code_needed
from poreka.provider.rules.wish import AskingService, Wish
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.system import Bank
from poreka.store.database import Insert
from poreka.web import own_journey
from poreka.web.browser.redirect import redirect
from poreka.web.texts import LANGUAGES

STARTED_COOKIE = "started"  # set when a customer starts from the bank's own pages: where a cancel leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A wish, and whom and what it met; `once` is the row that only one answer or journey can claim."""

    wish: Wish
    service: AskingService
    person: Person | None
    consent: ConsentRecord | None
    once: Insert
    journey_id: str


async def state_on_arrival(request: Request, bank: Bank, arrival: Arrival) -> ReleaseState:
    """The state that the release begins with; the customer's tools are read only where a code is needed."""
    now, wish, person = bank.clock(), arrival.wish, arrival.person
    bank_first = bank.cookies.choice(request, STARTED_COOKIE) == wish.service
    fixed = as_wished(wish, WayIn.BANK_FIRST if bank_first else WayIn.PORTAL_FIRST, now)
    about = (arrival.service, person, arrival.consent, None, now)
    state = current_state(bank, wish, fixed, *about, BY_SMS)
    if person is not None and code_needed(state):
        state = current_state(bank, wish, fixed, *about, await means_of(bank, person))
    return state


async def begin_journey(
    request: Request, bank: Bank, arrival: Arrival, state: ReleaseState, protocol: str, reply: bytes
) -> Response:
    """Store the release and go to its page; raises `AlreadyThere` when the request was used before."""
    # What is stored knows of no refusal yet: the page that tells the person also writes it down (P8).
    untold = msgspec.structs.replace(state, eligibility_checked=False, refused=())
    release = Release(protocol=protocol, wish=arrival.wish, reply=msgspec.Raw(reply), state=untold)
    until = state.expires_at + RELEASE_SECONDS  # an ended one still says how it ended
    journey = own_journey.begin_journey(request, bank, KIND, release, until, journey_id=arrival.journey_id)
    await bank.database.insert(arrival.once, bank.journeys.adding(journey))
    return redirect(request, bank, f"/release/{journey.id}{_language(request, bank, arrival.wish)}")


async def note_refusal(bank: Bank, arrival: Arrival, state: ReleaseState) -> None:
    """Write down that a person was refused who is shown no page (P8); raises `AlreadyThere`."""
    if arrival.person is None or not state.refused:
        return
    event = ReleaseRefused(
        person_id=arrival.person.customer.id,
        client_id=arrival.wish.service,
        reasons=tuple(reason.value for reason in state.refused),
    )
    await bank.audit.save(arrival.once, event=event)


def _language(request: Request, bank: Bank, wish: Wish) -> str:
    """The service's wish for a language, where the person has not chosen one here (Core §3.1.2.1)."""
    if bank.cookies.choice(request, "language"):
        return ""
    return next(
        (f"?lang={code}" for one in wish.languages if (code := one.split("-")[0].lower()) in LANGUAGES),
        "",
    )

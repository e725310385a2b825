"""Applications that wait, and one of them with the facts that a clerk compares with a document (T1).

POST /desk/applications            the queue: numbers and days, no names
POST /desk/applications/{number}   one with its facts, which is recorded; a clerk's own without the PESEL
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import ByClerk, Case, Queue, Waiting
from poreka.contracts.desk_words import TrustedProfileState
from poreka.rules.warsaw_time import warsaw_moment
from poreka.systems.trusted_profile.events import ApplicationOpened
from poreka.systems.trusted_profile.office.door import MOST_SHOWN, acting, desk_of, not_there
from poreka.systems.trusted_profile.rules.proposal import Clerk, is_same
from poreka.systems.trusted_profile.rules.second_look import masked_email, masked_phone
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.door.asker import read_document


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it was read."""

    number: str
    owned: OwnedProfile
    first: Clerk | None = None


async def list_waiting(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/applications."""
    desk = desk_of(request, pz)
    told = await read_document(request, ByClerk)
    clerk = acting(pz, desk, told.clerk)
    known, waiting = await pz.applications.waiting(), await pz.profiles.waiting(MOST_SHOWN + 1)
    found = tuple(
        Waiting(
            number=known[one.id].number,
            applied_at=warsaw_moment(one.profile.applied_at),
            until=warsaw_moment(one.profile.until),
            own=is_own(pz, clerk, one),
            second=known[one.id].first is not None,
        )
        for one in waiting
        if one.id in known
    )
    queue = Queue(applications=found[:MOST_SHOWN], more=len(found) > MOST_SHOWN)
    return Response(msgspec.json.encode(queue), media_type="application/json")


async def show_case(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/applications/{number}."""
    desk = desk_of(request, pz)
    told = await read_document(request, ByClerk)
    clerk = acting(pz, desk, told.clerk)
    found = await application(request, pz)
    owned, own = found.owned, is_own(pz, clerk, found.owned)
    facts = owned.profile.facts
    case = Case(
        number=found.number,
        state=owned.profile.state,
        first_name=facts.first_name,
        surname=facts.surname,
        pesel="" if own else facts.pesel.digits,
        applied_at=warsaw_moment(owned.profile.applied_at),
        until=warsaw_moment(owned.profile.until),
        own=own,
        held=await is_held(pz, owned),
        phone="" if own else masked_phone(owned.phone),
        email="" if own else masked_email(owned.email),
        shared=await pz.profiles.shares_contact(owned),
        first_by=await _first_name(pz, found),
        mine=found.first is not None and is_same(clerk, found.first),
    )
    await pz.audit.save(event=ApplicationOpened(person_id=owned.id, by=clerk.id))
    return Response(msgspec.json.encode(case), media_type="application/json")


async def application(request: Request, pz: TrustedProfileSystem) -> Application:
    """The application that the address names; raises `AnsweredAsJson`."""
    number = request.path_params["number"]
    known = await pz.applications.by_number(number)
    owned = await pz.profiles.load(known.profile_id) if known else None
    if owned is None:
        raise not_there("application")
    return Application(number, owned, known.first if known else None)


async def _first_name(pz: TrustedProfileSystem, found: Application) -> str:
    look = await pz.applications.first_look(found.owned.id) if found.first else None
    return look.clerk_name if look else ""


def is_own(pz: TrustedProfileSystem, clerk: Clerk, owned: OwnedProfile) -> bool:
    """Whether the clerk is the one who applied."""
    return clerk.person == pz.profiles.index_of(owned.profile.facts.pesel)


async def is_held(pz: TrustedProfileSystem, owned: OwnedProfile) -> bool:
    """Whether the applicant has a valid profile that does not give way: one that is not locked."""
    if owned.profile.state is not TrustedProfileState.APPLIED:
        return False
    earlier = await pz.profiles.valid_of(owned.profile.facts.pesel)
    return earlier is not None and earlier.profile.locked_at is None

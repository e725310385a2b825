"""Valid profiles: found by one whole PESEL, and shown; each search and each look is recorded.

POST /desk/profiles             the id of the one profile, or 404
POST /desk/profiles/{profile}   its facts
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import ByClerk, Finding, Found, ProfileShown
from poreka.contracts.desk_words import TrustedProfileState
from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.people.pesel import Pesel, read_pesel
from poreka.rules.warsaw_time import warsaw_moment
from poreka.systems.trusted_profile.events import ProfileOpened, ProfileSought
from poreka.systems.trusted_profile.office.door import acting, desk_of, not_there
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.door.asker import read_document


async def find(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/profiles."""
    desk = desk_of(request, pz)
    told = await read_document(request, Finding)
    clerk, pesel = acting(pz, desk, told.clerk), read_pesel(told.pesel)
    if not isinstance(pesel, Pesel):
        raise AnsweredAsJson("invalid_request", "The PESEL is none.", status=400)
    owned = await pz.profiles.valid_of(pesel)
    await pz.audit.save(event=ProfileSought(person_id=owned.id if owned else None, by=clerk.id))
    if owned is None:
        raise not_there("profile")
    return Response(msgspec.json.encode(Found(id=owned.id)), media_type="application/json")


async def show(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/profiles/{profile}."""
    desk = desk_of(request, pz)
    told = await read_document(request, ByClerk)
    clerk, owned = acting(pz, desk, told.clerk), await valid_profile(pz, request.path_params["profile"])
    own, rule = clerk.person == pz.profiles.index_of(owned.profile.facts.pesel), owned.profile
    proposed = await pz.proposals.open_of(owned.id)
    shown = ProfileShown(
        id=owned.id,
        first_name=rule.facts.first_name,
        surname=rule.facts.surname,
        pesel="" if own else rule.facts.pesel.digits,
        valid_from=warsaw_moment(rule.valid_from or rule.applied_at),
        until=warsaw_moment(rule.until),
        locked=rule.locked_at is not None,
        own=own,
        proposal=proposed.id if proposed else "",
    )
    await pz.audit.save(event=ProfileOpened(person_id=owned.id, by=clerk.id))
    return Response(msgspec.json.encode(shown), media_type="application/json")


async def valid_profile(pz: TrustedProfileSystem, profile_id: str) -> OwnedProfile:
    """The profile, if it is valid now, locked or not; raises `AnsweredAsJson`."""
    owned = await pz.profiles.load(profile_id)
    if owned is None or owned.profile.state is not TrustedProfileState.VALID:
        raise not_there("valid profile")
    return owned

"""A clerk registers a key by the link that an operator made (`poreka clerk add`, `poreka clerk key`).

GET  /key             the link's code stands behind the #, which no server sees; the script puts it into the form
POST /key             the code, from the link or typed
GET  /key/{journey}   whose key it will be
POST /key/{journey}   the key, as the browser made it: the link is used up with it

The link works once and for an hour; only the browser that took it up sees the second page.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.discreet import Discreet
from poreka.rules.enrolment_code import read_code
from poreka.store.database import AlreadyThere, Stale
from poreka.store.journeys import Journey
from poreka.systems.desk.events import ClerkKeyAdded, ClerkKeyRefused
from poreka.systems.desk.store.clerk_keys import ClerkKey
from poreka.systems.desk.store.clerks import DeskClerk
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.challenges import claim_challenge, new_challenge, taken_challenge
from poreka.web.failures import StalePage
from poreka.web.form_errors import form_errors
from poreka.web.frame import show
from poreka.web.own_journey import begin_journey, own_journey
from poreka.web.passkeys import PasskeyRefused, check_new_key, options_to_create

KIND = "clerk_key"


class Registering(Discreet, frozen=True, kw_only=True):
    """What is stored meanwhile: the link's code."""

    code: str


async def show_form(request: Request, desk: DeskSystem) -> Response:
    """GET /key."""
    return _form(request, desk, "")


async def take_code(request: Request, desk: DeskSystem) -> Response:
    """POST /key."""
    fields = await read_form(request, desk, "code")
    code, now = read_code(fields["code"][:64]), desk.clock()
    clerk = await desk.clerks.of_link(code, now) if code else None
    if clerk is None or code is None:
        return _form(request, desk, fields["code"][:64], fault=True)
    journey = begin_journey(request, desk, KIND, Registering(code=code), clerk.link_until or now)
    await desk.database.insert(desk.journeys.adding(journey))
    return redirect(request, desk, f"/key/{journey.id}")


async def show_clerk(request: Request, desk: DeskSystem) -> Response:
    """GET /key/{journey}."""
    journey, clerk, _ = await _registering(request, desk)
    return _page(request, desk, journey, clerk)


async def take_key(request: Request, desk: DeskSystem) -> Response:
    """POST /key/{journey}."""
    fields = await read_form(request, desk, "token", "credential")
    journey, clerk, code = await _registering(request, desk)
    try:
        bound = taken_challenge(request, desk, _purpose(journey), fields["token"])
        made = check_new_key(fields["credential"], bound.challenge(), desk.origin)
        key = ClerkKey(
            id=desk.fresh.id(),
            clerk_id=clerk.id,
            key_id=made.key_id,
            public_key=made.public_key,
            uses=made.uses,
            added_at=desk.clock(),
        )
        async with desk.audit.transaction() as (transaction, record):
            await transaction.insert(claim_challenge(bound), desk.clerk_keys.adding(key))
            await desk.clerks.use_link(transaction, code, desk.clock())
            await record(ClerkKeyAdded(person_id=clerk.id))
    except (PasskeyRefused, AlreadyThere, Stale):
        await desk.audit.save(event=ClerkKeyRefused(person_id=clerk.id, purpose="register"))
        return _page(request, desk, journey, clerk, fault=True)
    return redirect(request, desk, "/sign-in?done=key")


async def _registering(request: Request, desk: DeskSystem) -> tuple[Journey, DeskClerk, str]:
    """Whose link this browser took up, as long as it may be used; raises `StalePage`."""
    journey = await own_journey(request, desk, KIND)
    code = msgspec.json.decode(journey.state, type=Registering).code
    clerk = await desk.clerks.of_link(code, desk.clock())
    if clerk is None:
        raise StalePage
    return journey, clerk, code


def _form(request: Request, desk: DeskSystem, typed: str, *, fault: bool = False) -> Response:
    errors = form_errors(texts_of(request, desk), {"code": "desk.link.unknown"} if fault else {})
    return show(request, desk, "systems/desk/sign_in/link.html", errors=errors, typed=typed)


def _page(request: Request, desk: DeskSystem, journey: Journey, clerk: DeskClerk, *, fault: bool = False) -> Response:
    return show(
        request,
        desk,
        "systems/desk/sign_in/key.html",
        errors=form_errors(texts_of(request, desk), {"make": "desk.key.not_made"} if fault else {}),
        address=f"/key/{journey.id}",
        clerk_name=clerk.name,
        token=new_challenge(request, desk, _purpose(journey), journey.expires_at),
        options=options_to_create(desk.origin, desk.settings.system.name, clerk.id, clerk.login, []),
    )


def _purpose(journey: Journey) -> str:
    return f"clerk-key:{journey.id}"

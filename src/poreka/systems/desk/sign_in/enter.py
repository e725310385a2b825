"""A clerk signs in with a key and their own check (PIN, finger, face); there is nothing else to sign in with.

GET  /sign-in      the page; the key tells by itself whose it is, so that no login is asked
POST /sign-in      the assertion, over a challenge of this browser, used once
POST /sign-out, GET /signed-out

A key that nobody has, one that ended, a blocked clerk's and a wrong signature are answered alike.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignedIn
from poreka.rules.levels import Factor
from poreka.store.database import AlreadyThere, Stale
from poreka.store.sessions import Session
from poreka.systems.desk.events import ClerkKeyRefused
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.own_path import own_path
from poreka.web.browser.redirect import redirect
from poreka.web.challenges import claim_challenge, new_challenge, taken_challenge
from poreka.web.form_errors import FormErrors
from poreka.web.forms import once, query_pairs
from poreka.web.frame import show
from poreka.web.new_browser import renew_browser
from poreka.web.passkeys import PasskeyRefused, check_use, key_used, options_to_use
from poreka.web.sessions import Details, clear_session_cookie, new_session, session_of, set_session_cookie

PURPOSE = "clerk-sign-in"
FACTORS = (Factor.PASSKEY,)


async def begin(request: Request, desk: DeskSystem) -> Response:
    """GET /sign-in."""
    asked = once(query_pairs(request), ("next", "done", "lang"))
    wanted = own_path(asked["next"]) or "/"
    if await session_of(request, desk) is not None:
        return redirect(request, desk, wanted)
    return _page(request, desk, wanted, done=asked["done"] == "key")


async def enter(request: Request, desk: DeskSystem) -> Response:
    """POST /sign-in."""
    fields = await read_form(request, desk, "token", "credential", "next")
    wanted = own_path(fields["next"]) or "/"
    try:
        bound = taken_challenge(request, desk, PURPOSE, fields["token"])
        key = await desk.clerk_keys.by_key(key_used(fields["credential"]))
        clerk = await desk.clerks.load(key.clerk_id) if key else None
        if key is None or clerk is None or clerk.blocked_at is not None:
            raise PasskeyRefused("no clerk has this key")
        uses = check_use(fields["credential"], bound.challenge(), desk.origin, key.public_key, key.uses)
        opened = new_session(request, desk, clerk.id, FACTORS, Details(name=clerk.name))
        earlier = await session_of(request, desk)
        async with desk.audit.transaction() as (transaction, record):
            await transaction.insert(claim_challenge(bound), opened.row)
            browser = await renew_browser(request, desk, transaction, wanted)
            await desk.clerk_keys.use(transaction, key, uses, desk.clock())
            if earlier is not None:
                await desk.end_session(transaction, record, earlier, by="person")
            await record(SignedIn(person_id=clerk.id, sid=opened.sid, factors=tuple(one.value for one in FACTORS)))
    except (PasskeyRefused, AlreadyThere, Stale):
        await desk.audit.save(event=ClerkKeyRefused(person_id=None, purpose="sign_in"))
        return _page(request, desk, wanted, fault=True)
    return set_session_cookie(redirect(request, desk, wanted), desk, opened.cookie, browser)


async def sign_out(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /sign-out."""
    await read_form(request, desk)
    async with desk.audit.transaction() as (transaction, record):
        await desk.end_session(transaction, record, session, by="person")
    return clear_session_cookie(redirect(request, desk, "/signed-out"), desk)


async def show_signed_out(request: Request, desk: DeskSystem) -> Response:
    """GET /signed-out."""
    return show(request, desk, "systems/desk/sign_in/signed_out.html")


def _page(request: Request, desk: DeskSystem, wanted: str, *, fault: bool = False, done: bool = False) -> Response:
    text = texts_of(request, desk)("desk.key.refused")
    return show(
        request,
        desk,
        "systems/desk/sign_in/sign_in.html",
        errors=FormErrors({"use": text} if fault else {}),
        wanted=wanted,
        key_made=done and not fault,
        office=desk.settings.desk.office,
        token=new_challenge(request, desk, PURPOSE),
        options=options_to_use(desk.origin, []),
    )

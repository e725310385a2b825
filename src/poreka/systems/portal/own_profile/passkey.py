"""POST /sign-in/passkey: an own passkey in place of login and password (docs/adr/0040).

The key tells by itself whose it is; from here an entry like any other begins, at the level of the portal's own
password. A key that nobody has, one that ended, another person's and a wrong signature are answered alike, and only so
often.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.passkeys.own import FIELDS, PORTAL_SIGN_IN, kept_by, note_refused, use_up, used_key
from poreka.store.database import AlreadyThere, Stale
from poreka.systems.portal.own_profile.sign_in import entry_journey, sign_in_again
from poreka.systems.portal.rules.entry_record import ByPasskey
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.passkeys import PasskeyRefused


async def enter_by_passkey(request: Request, portal: Portal) -> Response:
    """POST /sign-in/passkey."""
    kept_by(portal)
    fields = await read_form(request, portal, *FIELDS)
    try:
        used = await used_key(request, portal, PORTAL_SIGN_IN, fields)
        journey = entry_journey(request, portal, ByPasskey(profile_id=used.key.person_id, passkey=used.key.id))
        async with portal.database.transaction() as transaction:
            await use_up(portal, transaction, used)
            await transaction.insert(portal.journeys.adding(journey))
    except (PasskeyRefused, AlreadyThere, Stale):
        await note_refused(request, portal, "sign_in")
        return sign_in_again(request, portal, "", {"passkey": texts_of(request, portal)("passkeys.refused")})
    return redirect(request, portal, f"/entry/{journey.id}")

"""A reference that was used, in the browser that used it: it leads back into the release that it began.

Somebody pressed a button twice, went back, or was told to come again by a busy server. Nothing new begins: the address
of a journey is made of the reference, so the one that is there is found again, in its own browser and for its own
client. In another browser, or when it has ended, the reference is used up (RFC 9126 §4, FAPI 2.0 §5.3.2.2 note 3).
"""

import base64
import hashlib

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.release.standing import load
from poreka.provider.rules.release import Ended, stands_at
from poreka.provider.system import Bank
from poreka.store.used_once import UsedOnce
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage


def journey_begun_by(reference: str) -> str:
    """The id of the journey that a reference begins: as long as any id, and it does not tell the reference."""
    hashed = hashlib.sha256(b"release:" + reference.encode("utf-8", "replace")).digest()[:16]
    return base64.b32hexencode(hashed).decode().rstrip("=").lower()


async def back_into(request: Request, bank: Bank, reference: str, client_id: str) -> Response | None:
    """To the page of the release that this browser began with the reference; None where none goes on."""
    try:
        standing = await load(request, bank, journey_begun_by(reference))
    except StalePage:
        return None
    ended = stands_at(standing.release.state, bank.clock())
    # A refusal's page says what may be done about it, so the release may still go on from there.
    if standing.service.client_id != client_id or (isinstance(ended, Ended) and ended is not Ended.REFUSED):
        return None
    if await UsedOnce(bank.database).used("release", standing.journey.id):
        return None
    return redirect(request, bank, f"/release/{standing.journey.id}")

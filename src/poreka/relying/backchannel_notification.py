"""Taking a ping: it is noted, and whoever waits for this answer fetches it at the next look.

204, also for one that comes twice or for a question that nobody waits for any more: it tells the provider nothing.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.relying_party.notification import check_notifier, request_told_of
from poreka.relying.asking_in_app import note_ping
from poreka.relying.system import Relying
from poreka.web.forms import read_body


async def take_ping(request: Request, system: Relying) -> Response:
    """POST /backchannel-notification."""
    check_notifier(system.keys.codes, request.headers.get("authorization", ""))
    try:
        members = msgspec.json.decode(await read_body(request), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise AnsweredAsJson("invalid_request", "The notification is no JSON object.") from fault
    await note_ping(system, request_told_of(members))
    return Response(status_code=204, headers={"cache-control": "no-store"})

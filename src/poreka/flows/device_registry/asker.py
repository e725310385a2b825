"""Which provider calls the app's back end: the one whose secret came with the request.

How a secret is compared is `web/asker_door.py`.
"""

from starlette.requests import Request

from poreka.web.asker_door import caller_of
from poreka.web.asker_known import AskerKnown
from poreka.web.mobywatel_system import Mobywatel


def asker_of(request: Request, app: Mobywatel) -> AskerKnown:
    """The provider that calls; raises `AnsweredAsJson`."""
    return caller_of(request, app.askers.values())

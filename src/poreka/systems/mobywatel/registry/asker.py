"""Which provider calls the app's back end: the one whose secret came with the request.

How a secret is compared is `web/door/asker.py`.
"""

from starlette.requests import Request

from poreka.systems.mobywatel.asker_known import AskerKnown
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.door.asker import caller_of


def asker_of(request: Request, app: Mobywatel) -> AskerKnown:
    """The provider that calls; raises `AnsweredAsJson`."""
    return caller_of(request, app.askers.values())

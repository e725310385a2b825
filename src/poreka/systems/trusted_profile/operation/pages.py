"""The page of an own operation: what it is for, and the code or the number that it waits for.

GET /operation/{journey}. Showing it changes and sends nothing; a deed that is done leads on.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.answer import LIMITS
from poreka.codes.code_times import code_times
from poreka.codes.message_state import message_state
from poreka.provider.authorising.push_page import PushView, push_view
from poreka.rules.acts.table import OWN_OPERATIONS
from poreka.rules.acts.words import act_words
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.authorising.tools import Tool
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation.standing import OwnOperationStanding, load
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show


async def show_step(request: Request, pz: TrustedProfileSystem, session: Session | None) -> Response:
    """GET /operation/{journey}."""
    return await show_standing(request, pz, await load(request, pz, session))


async def show_standing(
    request: Request,
    pz: TrustedProfileSystem,
    standing: OwnOperationStanding,
    fault: str | None = None,
    *,
    notice: str = "",
    wait: int = 0,
    looked: bool = False,
) -> Response:
    """The page of how it stands. `fault`: what was wrong with the code; `notice`, `wait`: why there is no other."""
    wanted = standing.wanted
    if wanted.done:
        return redirect(request, pz, wanted.next)
    operation = standing.operation.operation if standing.operation else None
    delivery = await pz.outbox.status_of(f"operation:{operation.id}:{operation.resends}") if operation else None
    template = "ended" if wanted.cancelled else "push" if standing.tool is Tool.PUSH else _by_code(standing)
    return show(
        request,
        pz,
        f"systems/trusted_profile/operation/{template}.html",
        session=standing.session,
        status=429 if wait else None,
        address=standing.address,
        what=act_words(texts_of(request, pz), OWN_OPERATIONS[wanted.deed], wanted.values),
        operation_number=operation.number if operation else None,
        operation_date=sms_date(operation.date) if operation else None,
        operation_purpose=operation.purpose if operation else None,
        state=operation.state.value if operation else "",
        phone_end=standing.owned.phone[-3:],
        message=message_state(operation, delivery, pz.clock()) if operation and template == "code" else None,
        resends_left=LIMITS.resends - operation.resends if operation else 0,
        tools=[tool.value for tool in standing.usable],
        push=await push_view_of(pz, standing) if standing.tool is Tool.PUSH else None,
        others=[tool.value for tool in standing.usable if tool is not Tool.PUSH],
        looked=looked,
        home=("trusted.nav.home", "/profile") if standing.session else ("profiles.ended.password_again", "/password"),
        lapsed=standing.lapsed,
        **code_times(operation, pz.clock(), wait),
        errors=FormErrors({"code": fault} if fault else {"": notice} if notice else {}),
    )


def _by_code(standing: OwnOperationStanding) -> str:
    if standing.operation is None:
        return "ask"
    return "code" if standing.open else "ended"


async def push_view_of(pz: TrustedProfileSystem, standing: OwnOperationStanding) -> PushView:
    """How the request in the app stands, as the page shows it."""
    operation = standing.operation.operation if standing.operation else None
    delivery = await pz.outbox.status_of(f"operation:{operation.id}:0") if operation else None
    return push_view(pz.keys.codes, operation, standing.push, standing.tools.opening, delivery, pz.clock())

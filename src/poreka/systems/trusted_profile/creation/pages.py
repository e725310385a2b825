"""The page of the step a profile in the making stands at (GET /new/{journey}).

Showing one changes nothing; the order of steps is `systems/trusted_profile/rules/creation.py`.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.answer import LIMITS
from poreka.codes.code_times import code_times
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.people.phone_number import shown_phone
from poreka.rules.warsaw_time import warsaw_moment
from poreka.systems.trusted_profile.creation.forms import SECRETS
from poreka.systems.trusted_profile.creation.under_way import Making, about, load
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.form_errors import NO_ERRORS, FormErrors, form_errors
from poreka.web.frame import show
from poreka.web.texts import Texts

STEPS = {"facts": 1, "contact": 2, "phone": 3, "email": 4, "word": 5, "credentials": 5}
HOW_MANY = max(STEPS.values())
NOTHING: Mapping[str, str] = {}
NO_PROBLEMS: Mapping[str, tuple[str, ...]] = {}


async def show_step(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /new/{journey}."""
    return show_making(request, pz, await load(request, pz))


def show_making(
    request: Request,
    pz: TrustedProfileSystem,
    making: Making,
    typed: Mapping[str, str] = NOTHING,
    problems: Mapping[str, tuple[str, ...]] = NO_PROBLEMS,
) -> Response:
    """The page; `problems` are text keys by field of what was just typed."""
    return _page(request, pz, making, typed, form_errors(texts_of(request, pz), problems))


def show_code_fault(request: Request, pz: TrustedProfileSystem, making: Making, text: str) -> Response:
    """The page of a code, with what was wrong with the one that was typed; one whose time is over has no field."""
    lapsed = making.operation is not None and making.operation.state is OperationState.EXPIRED
    return _page(request, pz, making, NOTHING, FormErrors({"" if lapsed else "code": text}))


def show_code_wait(request: Request, pz: TrustedProfileSystem, making: Making, seconds: int) -> Response:
    """The page of a code, whose wish for another one came so many seconds too soon."""
    return _page(request, pz, making, NOTHING, NO_ERRORS, seconds)


def _page(
    request: Request,
    pz: TrustedProfileSystem,
    making: Making,
    typed: Mapping[str, str],
    errors: FormErrors,
    wait: int = 0,
) -> Response:
    record, stands = making.record, making.stands
    template = (
        stands if stands in ("facts", "contact", "word", "credentials") else "code" if making.operation else "ended"
    )
    if stands == "made":
        template = "made"
    first = 0 if record.application else 1  # who is vouched for has no step of their own facts
    number = STEPS.get(stands, 0) - first
    provider = pz.relying.relied_on.get(record.vouched.provider) if record.vouched else None
    return show(
        request,
        pz,
        f"systems/trusted_profile/creation/{template}.html",
        status=429 if wait else None,
        address=making.address,
        step=(number, HOW_MANY - first) if stands in STEPS else None,
        stands=stands,
        provider=provider.name if provider else None,
        shown=_facts(making, texts_of(request, pz)),
        applied=record.application,
        contact={"phone": shown_phone(record.phone), "email": record.email},
        user_name=record.made_name,
        next=record.next,
        since=warsaw_moment(record.vouches_from) if record.vouches_from else None,
        days=about(pz).confirm_days,
        terms_version=about(pz).terms_version,
        typed=defaultdict(str, {name: value for name, value in typed.items() if name not in SECRETS}),
        errors=errors,
        **_code(making, pz.clock(), wait),
    )


def _facts(making: Making, texts: Texts) -> list[dict[str, str]]:
    facts = making.record.facts
    if facts is None:
        return []
    values = {"given_name": facts.first_name, "family_name": facts.surname, "pesel": facts.pesel.digits}
    return [{"label": texts(f"release.fact.{name}"), "value": value} for name, value in values.items()]


def _code(making: Making, now: int, wait: int) -> dict[str, Any]:
    operation = making.operation
    if operation is None:
        return {}
    return {
        "message": making.message,
        "number": operation.number,
        "date": sms_date(operation.date),
        "code_expired": operation.state is OperationState.EXPIRED,
        "resends_left": LIMITS.resends - operation.resends,
        **code_times(operation, now, wait),
    }

"""GET /safety, the safety rules in full, and GET /help, how signing in elsewhere through this system works.

Texts only; who is signed in keeps their header. The hotline is the bank's own.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.eligibility import ALWAYS_CHECKED
from poreka.web.bank_frame import way_to_consents
from poreka.web.frame import language_of, show, texts_of
from poreka.web.hotlines import to_call
from poreka.web.sessions import session_of
from poreka.web.systems import Bank


async def show_safety(request: Request, bank: Bank) -> Response:
    """GET /safety."""
    return await _show(request, bank, "flows/safety/safety.html")


async def show_help(request: Request, bank: Bank) -> Response:
    """GET /help."""
    return await _show(request, bank, "flows/safety/help.html")


async def _show(request: Request, bank: Bank, template: str) -> Response:
    settings = bank.settings.bank
    reasons = [reason.value for reason in settings.eligibility if reason not in ALWAYS_CHECKED] if settings else []
    return show(
        request,
        bank,
        template,
        session=await session_of(request, bank),
        hotline=to_call(request, bank),
        number_name=settings.number_name.of(language_of(request, bank)) if settings else "",
        links=[one for one in msgspec.structs.asdict(settings.links).items() if one[1]] if settings else [],
        two_steps=settings is not None and settings.sign_in == "masked",
        conditions=reasons,
        address=bank.origin,
        where=way_to_consents(bank, texts_of(request, bank)),
    )

"""GET /safety, the safety rules in full, and GET /help, how signing in elsewhere through this system works.

What they claim comes from the settings: how people sign in, with what they confirm, what is never passed on and where a
consent is withdrawn. Who is signed in keeps their header.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.consents.shown_text import bank_settings
from poreka.provider.pages.frame import way_to_consents
from poreka.provider.pages.hotlines import to_call
from poreka.provider.rules.eligibility import ALWAYS_CHECKED, Reason
from poreka.provider.system import Bank
from poreka.web.browser.language import language_of, texts_of
from poreka.web.frame import show
from poreka.web.sessions import session_of


async def show_safety(request: Request, bank: Bank) -> Response:
    """GET /safety."""
    return await _show(request, bank, "provider/pages/safety.html")


async def show_help(request: Request, bank: Bank) -> Response:
    """GET /help."""
    return await _show(request, bank, "provider/pages/help.html")


async def _show(request: Request, bank: Bank, template: str) -> Response:
    settings, language, texts = bank_settings(bank), language_of(request, bank), texts_of(request, bank)
    return show(
        request,
        bank,
        template,
        session=await session_of(request, bank),
        hotline=to_call(request, bank),
        links=[one for one in msgspec.structs.asdict(settings.links).items() if one[1]],
        number_name=in_sentence(settings.number_name.of(language)),
        two_steps=settings.sign_in == "masked",
        key_only=bank.settings.key_only,
        second_factor=bank.settings.second_factor,
        tools=settings.tools,
        named_tools=", ".join(in_sentence(texts(f"bank.tools.{tool}")) for tool in settings.tools),
        keeps=settings.keeps,
        sim_checked=Reason.SIM_REPLACED in settings.eligibility,
        conditions=[reason.value for reason in settings.eligibility if reason not in ALWAYS_CHECKED],
        address=bank.origin,
        where=way_to_consents(bank, texts),
    )


def in_sentence(name: str) -> str:
    """A name that stands on a button, within a sentence: "numer klienta", but "MilleKod" and "SMS" as they are."""
    return name if any(letter.isupper() for letter in name.split(maxsplit=1)[0][1:]) else name[:1].lower() + name[1:]

"""The page a sign-in stands at (GET /sign-in/{journey}): the customer number, or what proves who it is.

An unknown number leads to the same second page as a known one (P9). Showing a page changes nothing.
What is typed goes to `steps.py` and `check.py`.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.passkeys.own import form_to_sign_in
from poreka.provider.pages.frame import name_of
from poreka.provider.pages.hotlines import to_call
from poreka.provider.sign_in.standing import SignInStanding, bank_settings, load, masked, passkey_purpose, served
from poreka.provider.system import Bank
from poreka.rules.shown_date import time_of_day
from poreka.web.browser.language import language_of
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.sessions import session_of


async def show_form(request: Request, bank: Bank) -> Response:
    """GET /sign-in/{journey}."""
    standing = await load(request, bank)
    if standing.sign_in.done and await session_of(request, bank) is not None:
        return redirect(request, bank, standing.sign_in.destination)
    return await show_standing(request, bank, standing)


async def show_standing(
    request: Request,
    bank: Bank,
    standing: SignInStanding,
    *,
    errors: Mapping[str, str] | None = None,
    typed: str = "",
    status: int | None = None,
) -> Response:
    """The page a sign-in stands at."""
    question = standing.question
    places = {"characters": f"characters-{question.places[0]}" if question else ""}
    return show(
        request,
        bank,
        f"provider/sign_in/{_page(bank, standing)}.html",
        status=status,
        journey=standing.journey.name,
        sign_in=standing.sign_in,
        service=await service_name(request, bank, standing),
        number_name=number_name(request, bank),
        question=question,
        typed=typed,
        errors=FormErrors(errors or {}, places),
        hotline=to_call(request, bank),
        providers=bank.other_ways,
        time_left=standing.journey.expires_at - bank.clock(),
        time_until=time_of_day(standing.journey.expires_at),
        passkey=form_to_sign_in(request, bank, passkey_purpose(standing)),
    )


def number_name(request: Request, bank: Bank) -> str:
    """What the provider's customers call what they sign in with."""
    return bank_settings(bank).number_name.of(language_of(request, bank))


async def show_locked(request: Request, bank: Bank, standing: SignInStanding, seconds: int) -> Response:
    """Too many wrong passwords: when to come back."""
    response = show(
        request,
        bank,
        "provider/sign_in/locked.html",
        status=429,
        journey=standing.journey.name,
        sign_in=standing.sign_in,
        service=await service_name(request, bank, standing),
        passkey=form_to_sign_in(request, bank, passkey_purpose(standing)),
        until=time_of_day(bank.clock() + seconds + 59),
        hotline=to_call(request, bank),
    )
    response.headers["retry-after"] = str(seconds)
    return response


async def service_name(request: Request, bank: Bank, standing: SignInStanding) -> str:
    """What the sign-in serves, or empty text for the bank itself."""
    service = await served(bank, standing.sign_in)
    return name_of(service, language_of(request, bank)) if service else ""


def _page(bank: Bank, standing: SignInStanding) -> str:
    if not masked(bank):
        return "password"
    return "number" if standing.question is None else "characters"

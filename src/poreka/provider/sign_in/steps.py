"""The customer number: taken (POST …/number) and forgotten again (POST …/clear, `Wyczyść`).

Its form may be told wrong at once, for that is public; whether anyone has it is told by nothing. The
password is checked in `check.py`.
"""

from contextlib import suppress

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.rules.customer_number import CustomerNumberFault, read_customer_number
from poreka.provider.sign_in.pages import number_name, show_standing
from poreka.provider.sign_in.standing import SignInStanding, load, masked
from poreka.provider.system import Bank
from poreka.store.database import Stale
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect

LONGEST_IDENTIFIER = 20
CHARACTERS = tuple(f"characters_{place}" for place in range(1, LONGEST_IDENTIFIER + 1))


async def take_number(request: Request, bank: Bank) -> Response:
    """POST /sign-in/{journey}/number."""
    fields = await read_form(request, bank, "number")
    standing = await load(request, bank)
    if not masked(bank):
        return redirect(request, bank, f"/sign-in/{standing.journey.name}")
    number = read_customer_number(fields["number"])
    if isinstance(number, CustomerNumberFault):
        text = texts_of(request, bank)(f"bank_sign_in.number.{number.value}", name=number_name(request, bank))
        faults = {"number": text}
        return await show_standing(request, bank, standing, errors=faults, typed=fields["number"][:40])
    return await _keep(request, bank, standing, number)


async def clear(request: Request, bank: Bank) -> Response:
    """POST /sign-in/{journey}/clear: start with an empty form, another number too."""
    await read_form(request, bank, "number", "password", *CHARACTERS)
    return await _keep(request, bank, await load(request, bank), None)


async def _keep(request: Request, bank: Bank, standing: SignInStanding, number: str | None) -> Response:
    after = msgspec.structs.replace(standing.sign_in, number=number)
    with suppress(Stale):  # the page shows what another tab made of it
        await bank.journeys.save(bank.database, standing.journey, msgspec.json.encode(after))
    return redirect(request, bank, f"/sign-in/{standing.journey.name}")

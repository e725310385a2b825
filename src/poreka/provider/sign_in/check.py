"""POST /sign-in/{journey}/password: is this the customer? (P9)

The try is reserved before anything is compared and counted with its verdict, so a hundred tries at once are
one, and an outage is none (`codes/counted_tries.py`). Whether the number exists shows
neither in the answer nor in its time. What follows when all was right: `entering.py`.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignInFailed
from poreka.codes.counted_tries import Try, begin_anyones_try, give_back, right, sign_in_subject, until_verdict, wrong
from poreka.provider.sign_in.entering import Proof, enter
from poreka.provider.sign_in.pages import number_name, show_locked, show_standing
from poreka.provider.sign_in.standing import SignInStanding, load, masked
from poreka.provider.sign_in.steps import CHARACTERS
from poreka.provider.store.customer_directory import Customer, Typed
from poreka.provider.system import Bank
from poreka.rules.levels import Factor
from poreka.rules.limits.attempts import Locked, Slowed, may_try
from poreka.store.database import Stale, Transaction
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.door.known_browser import remember_browser

LONGEST_NUMBER = 64


async def try_password(request: Request, bank: Bank) -> Response:
    """POST /sign-in/{journey}/password."""
    fields = await read_form(request, bank, "number", "password", *CHARACTERS)
    standing = await load(request, bank)
    number = standing.sign_in.number if masked(bank) else fields["number"].strip().lower()
    if number is None:
        return redirect(request, bank, f"/sign-in/{standing.journey.name}")
    if empty := _empty_fields(request, bank, standing, number, fields):
        return await show_standing(request, bank, standing, errors=empty, typed=number[:LONGEST_NUMBER])

    name = sign_in_subject(bank, number)
    tried = await begin_anyones_try(request, bank, name)
    if not isinstance(tried, Try):
        return await _not_now(request, bank, standing, tried, number)
    async with until_verdict(bank, tried):
        checked = await bank.customers.check(number, _typed(standing, fields))
        if checked.customer is None:
            return await _wrong(request, bank, standing, checked.customer_id, tried, number)
        entered = await _enter(request, bank, standing, checked.customer, tried)
    return remember_browser(request, entered, bank, name)


def _typed(standing: SignInStanding, fields: Mapping[str, str]) -> Typed:
    places = standing.question.places if standing.question else ()
    return Typed(password=fields["password"], places=places, characters=_answer(places, fields))


def _answer(places: tuple[int, ...], fields: Mapping[str, str]) -> str:
    return "".join(fields.get(f"characters_{place}", "").strip() for place in places)


def _empty_fields(
    request: Request, bank: Bank, standing: SignInStanding, number: str, fields: Mapping[str, str]
) -> dict[str, str]:
    """What was left empty, by field; such a form is not a try and is not counted."""
    texts, question, empty = texts_of(request, bank), standing.question, {}
    if not number or len(number) > LONGEST_NUMBER:
        empty["number"] = texts("bank_sign_in.number.empty", name=number_name(request, bank))
    if not fields["password"]:
        empty["password"] = texts("bank_sign_in.password.empty")
    if question is not None and len(_answer(question.places, fields)) != len(question.places):
        empty["characters"] = texts("bank_sign_in.characters.empty")
    return empty


async def _not_now(
    request: Request, bank: Bank, standing: SignInStanding, why: Slowed | Locked, number: str
) -> Response:
    reason = "locked" if isinstance(why, Locked) else "slowed"
    known = standing.known
    await bank.audit.save(event=SignInFailed(person_id=known.customer_id if known else None, reason=reason))
    if isinstance(why, Locked):
        return await show_locked(request, bank, standing, why.seconds)
    text = texts_of(request, bank).plural("bank_sign_in.slowed", why.seconds)
    return await show_standing(request, bank, standing, errors={"password": text}, typed=number, status=429)


async def _wrong(
    request: Request, bank: Bank, standing: SignInStanding, customer_id: str | None, tried: Try, number: str
) -> Response:
    async with bank.audit.transaction() as (transaction, record):
        after = await wrong(bank, transaction, tried)
        await record(SignInFailed(person_id=customer_id, reason="wrong"))
    wait = may_try(after, bank.clock())
    if isinstance(wait, Locked):
        return await show_locked(request, bank, standing, wait.seconds)
    texts = texts_of(request, bank)
    text = texts("bank_sign_in.wrong" if standing.question is None else "bank_sign_in.wrong_masked")
    if isinstance(wait, Slowed):
        text = f"{text} {texts.plural('bank_sign_in.slowed', wait.seconds)}"
    return await show_standing(request, bank, standing, errors={"password": text}, typed=number)


async def _enter(request: Request, bank: Bank, standing: SignInStanding, customer: Customer, tried: Try) -> Response:
    """Everything was right: the count is cleared and the session begins, together."""

    async def settle(transaction: Transaction) -> None:
        await right(bank, transaction, tried)
        if standing.question is not None:
            await bank.right_answers.count(transaction, customer.id, standing.right_answers)

    try:
        return await enter(request, bank, standing, customer, Proof(Factor.PASSWORD), settle)
    except Stale:  # another tab of this sign-in was quicker
        await give_back(bank, tried)
        return redirect(request, bank, f"/sign-in/{standing.journey.name}")

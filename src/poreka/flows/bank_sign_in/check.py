"""POST /sign-in/{journey}/password: is this the customer? (P9)

The try is reserved before anything is compared and counted with its verdict, so a hundred tries at once are
one, and an outage is none (`web/counted_tries.py`). Whether the number exists shows
neither in the answer nor in its time. The session begins with its audit event, in one transaction.
"""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignedIn, SignInFailed
from poreka.audit.record import Recorder
from poreka.flows.bank_sign_in.pages import number_name, show_locked, show_standing
from poreka.flows.bank_sign_in.standing import Standing, load, masked
from poreka.flows.bank_sign_in.steps import CHARACTERS
from poreka.rules.attempts import Locked, Slowed, may_try
from poreka.rules.levels import Factor
from poreka.store.customer_directory import Customer, Typed
from poreka.store.database import Stale, Transaction
from poreka.store.sessions import Session
from poreka.web.client_sessions import end_session
from poreka.web.counted_tries import Try, begin_anyones_try, give_back, right, sign_in_subject, until_verdict, wrong
from poreka.web.frame import read_form, redirect, texts_of
from poreka.web.known_browser import remember_browser
from poreka.web.new_browser import renew_browser
from poreka.web.sessions import Details, details_of, limits_of, new_session, session_of, set_session_cookie
from poreka.web.systems import Bank

LONGEST_NUMBER = 64


async def try_password(request: Request, bank: Bank) -> Response:
    """POST /sign-in/{journey}/password."""
    fields = await read_form(request, bank, "number", "password", *CHARACTERS)
    standing = await load(request, bank)
    number = standing.sign_in.number if masked(bank) else fields["number"].strip().lower()
    if number is None:
        return redirect(request, bank, f"/sign-in/{standing.journey.name}")
    if empty := _empty_fields(request, bank, standing, number, fields):
        return await show_standing(request, bank, standing, faults=empty, typed=number[:LONGEST_NUMBER], status=422)

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


def _typed(standing: Standing, fields: Mapping[str, str]) -> Typed:
    places = standing.question.places if standing.question else ()
    return Typed(password=fields["password"], places=places, characters=_answer(places, fields))


def _answer(places: tuple[int, ...], fields: Mapping[str, str]) -> str:
    return "".join(fields.get(f"characters_{place}", "").strip() for place in places)


def _empty_fields(
    request: Request, bank: Bank, standing: Standing, number: str, fields: Mapping[str, str]
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


async def _not_now(request: Request, bank: Bank, standing: Standing, why: Slowed | Locked, number: str) -> Response:
    reason = "locked" if isinstance(why, Locked) else "slowed"
    known = standing.known
    await bank.audit.save(event=SignInFailed(person_id=known.customer_id if known else None, reason=reason))
    if isinstance(why, Locked):
        return await show_locked(request, bank, standing, why.seconds)
    text = texts_of(request, bank).plural("bank_sign_in.slowed", why.seconds)
    return await show_standing(request, bank, standing, faults={"password": text}, typed=number, status=429)


async def _wrong(
    request: Request, bank: Bank, standing: Standing, customer_id: str | None, tried: Try, number: str
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
    return await show_standing(request, bank, standing, faults={"password": text}, typed=number, status=422)


async def _enter(request: Request, bank: Bank, standing: Standing, customer: Customer, tried: Try) -> Response:
    """Everything was right: the count is cleared and the session begins, together."""
    earlier, done = await session_of(request, bank), msgspec.structs.replace(standing.sign_in, done=True)
    cookie = bank.cookies.secret(request, "session") or ""
    try:
        async with bank.audit.transaction() as (transaction, record):
            await right(bank, transaction, tried)
            if standing.question is not None:
                await bank.right_answers.count(transaction, customer.id, standing.right_answers)
            if earlier is not None and earlier.person_id == customer.id:
                fresh = await _sign_in_again(transaction, record, bank, earlier, cookie, standing.sign_in.release or "")
            else:
                if earlier is not None:
                    await end_session(bank, transaction, record, earlier, by="person")
                fresh = await _sign_in(request, transaction, record, bank, customer, standing.sign_in.release or "")
            await bank.journeys.save(transaction, standing.journey, msgspec.json.encode(done))
            goes_on = (standing.journey.id, standing.sign_in.destination)
            browser = await renew_browser(request, bank, transaction, *goes_on)
    except Stale:  # another tab of this sign-in was quicker
        await give_back(bank, tried)
        return redirect(request, bank, f"/sign-in/{standing.journey.name}")
    bank.wake_delivery()
    return set_session_cookie(redirect(request, bank, standing.sign_in.destination), bank, fresh, browser)


async def _sign_in(
    request: Request, transaction: Transaction, record: Recorder, bank: Bank, customer: Customer, release: str
) -> str:
    details = Details(name=f"{customer.first_name} {customer.surname}", answers=release)
    opened = new_session(request, bank, customer.id, (Factor.PASSWORD,), details)
    await transaction.insert(opened.row)
    await record(SignedIn(person_id=customer.id, sid=opened.sid, factors=(Factor.PASSWORD.value,)))
    return opened.cookie


async def _sign_in_again(
    transaction: Transaction, record: Recorder, bank: Bank, session: Session, cookie: str, release: str
) -> str:
    """The same person once more: the session keeps the name by which relying parties know it.

    Only what was proven just now counts: neither an earlier code nor another's word is carried into it."""
    fresh, now, limits = bank.fresh.secret(), bank.clock(), limits_of(bank)
    ends_at = min(session.started_at + limits.absolute, now + limits.idle)
    details = msgspec.structs.replace(details_of(session), acr="", amr=(), answers=release)
    anew = replace(session, factors=(Factor.PASSWORD,), details=msgspec.json.encode(details))
    await bank.sessions.begin_anew(transaction, anew, cookie, fresh, now=now, ends_at=ends_at)
    await record(SignedIn(person_id=session.person_id, sid=session.sid, factors=(Factor.PASSWORD.value,)))
    return fresh

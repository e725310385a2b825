"""The end of a sign-in: the session begins with its audit event, in one transaction with what proved who it is.

Used by `check.py` (password) and `passkey.py`. A browser that had somebody else's session has it no more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignedIn
from poreka.audit.record import Recorder
from poreka.provider.client_sessions import end_session
from poreka.provider.sign_in.standing import SignInStanding
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.levels import Factor
from poreka.store.database import Transaction
from poreka.store.sessions import Session
from poreka.web.browser.redirect import redirect
from poreka.web.new_browser import renew_browser
from poreka.web.sessions import Details, details_of, limits_of, new_session, session_of, set_session_cookie


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven just now; `passkey` is the key's row."""

    factor: Factor
    passkey: str = ""


async def enter(
    request: Request,
    bank: Bank,
    standing: SignInStanding,
    customer: Customer,
    proof: Proof,
    settle: Callable[[Transaction], Awaitable[None]],
) -> Response:
    """`settle` uses up what was proven. Raises `Stale` where another tab was quicker, and what `settle` raises."""
    earlier, done = await session_of(request, bank), msgspec.structs.replace(standing.sign_in, done=True)
    cookie, release = bank.cookies.secret(request, "session") or "", standing.sign_in.release or ""
    async with bank.audit.transaction() as (transaction, record):
        await settle(transaction)
        if earlier is not None and earlier.person_id == customer.id:
            fresh = await _sign_in_again(transaction, record, bank, earlier, cookie, proof, release)
        else:
            if earlier is not None:
                await end_session(bank, transaction, record, earlier, by="person")
            fresh = await _sign_in(request, transaction, record, bank, customer, proof, release)
        await bank.journeys.save(transaction, standing.journey, msgspec.json.encode(done))
        goes_on = (standing.journey.id, standing.sign_in.destination)
        browser = await renew_browser(request, bank, transaction, *goes_on)
    bank.wake_delivery()
    return set_session_cookie(redirect(request, bank, standing.sign_in.destination), bank, fresh, browser)


async def _sign_in(
    request: Request,
    transaction: Transaction,
    record: Recorder,
    bank: Bank,
    customer: Customer,
    proof: Proof,
    release: str,
) -> str:
    details = Details(name=f"{customer.first_name} {customer.surname}", passkey=proof.passkey, answers=release)
    opened = new_session(request, bank, customer.id, (proof.factor,), details)
    await transaction.insert(opened.row)
    await record(SignedIn(person_id=customer.id, sid=opened.sid, factors=(proof.factor.value,)))
    return opened.cookie


async def _sign_in_again(
    transaction: Transaction,
    record: Recorder,
    bank: Bank,
    session: Session,
    cookie: str,
    proof: Proof,
    release: str,
) -> str:
    """The same person once more: the session keeps the name by which relying parties know it.

    Only what was proven just now counts: neither an earlier code nor another's word is carried into it."""
    fresh, now, limits = bank.fresh.secret(), bank.clock(), limits_of(bank)
    ends_at = min(session.started_at + limits.absolute, now + limits.idle)
    details = msgspec.structs.replace(details_of(session), acr="", amr=(), passkey=proof.passkey, answers=release)
    anew = replace(session, factors=(proof.factor,), details=msgspec.json.encode(details))
    await bank.sessions.begin_anew(transaction, anew, cookie, fresh, now=now, ends_at=ends_at)
    await record(SignedIn(person_id=session.person_id, sid=session.sid, factors=(proof.factor.value,)))
    return fresh

"""The device that a binding of the app belongs to: found by its cookie, given a new one, ended with what it had open.

When a browser comes with a secret that the device gave up, one of the two is a copy of the other. Nobody can say which
one is the owner's, so the binding ends for both, and the account's history says why (RFC 9700 §4.14).

Read next: `contracts/binding.py` for what ends one, `systems/mojeikp/store/bindings.py` for how it is kept.
"""

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.contracts.binding import BindingEnd, CameWith, end_of
from poreka.contracts.patient_account import DeviceCopied
from poreka.store.database import Transaction
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.mojeikp.account_over_http import AccountAway
from poreka.systems.mojeikp.events import DeviceUnbound
from poreka.systems.mojeikp.store.bindings import KeptBinding
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.cookies import YEAR
from poreka.web.sessions import details_of

COOKIE = "device"


async def binding_of(request: Request, app: Mojeikp) -> KeptBinding | None:
    """The binding of this device, ended or not; ends it when the device comes with a spent secret, which is a copy."""
    secret = app.cookies.secret(request, COOKIE)
    kept = await app.bindings.by_secret(secret) if secret else None
    if kept is None or ended_by(app, kept) is not None:
        return kept
    if kept.came_with is CameWith.SPENT:
        await _end_copied(app, kept)
        return await app.bindings.load(kept.id)
    if kept.came_with is CameWith.PRESENT and kept.unseen:
        await app.bindings.seen(kept)
    return kept


async def _end_copied(app: Mojeikp, kept: KeptBinding) -> None:
    async with app.audit.transaction() as (transaction, record):
        ended = await end_binding(app, transaction, record, kept, BindingEnd.COPIED)
    if ended:
        with suppress(AccountAway):  # both devices are told in any case, and the audit log says it
            await app.account.copied(kept.account, DeviceCopied(tool=kept.rule.tool))


def ended_by(app: Mojeikp, kept: KeptBinding) -> BindingEnd | None:
    """What ended it, or None while it opens the account."""
    return end_of(kept.rule, app.clock(), unused_days(app))


def unused_days(app: Mojeikp) -> int:
    """After how many days without use a binding ends."""
    return app.settings.mojeikp.unused_days


async def bound_to(app: Mojeikp, account: str) -> list[KeptBinding]:
    """An account's devices that open it."""
    return [one for one in await app.bindings.of_account(account) if ended_by(app, one) is None]


async def of_session(request: Request, app: Mojeikp, session: Session) -> KeptBinding | None:
    """The binding that the session belongs to; None when it belongs to none, or to one that has ended."""
    device = details_of(session).device
    kept = await app.bindings.load(device) if device else None
    if kept is None or ended_by(app, kept) is not None:
        return None
    secret = app.cookies.secret(request, COOKIE)
    if kept.unseen and secret and secret_hash(secret) == kept.present.hash:
        await app.bindings.seen(kept)
    return kept


async def end_binding(
    app: Mojeikp, transaction: Transaction, record: Recorder, kept: KeptBinding, by: BindingEnd
) -> bool:
    """End a binding and every session that its device opened; False when the binding had ended before."""
    if not await app.bindings.end(transaction, kept.id, by, app.clock()):
        return False
    for session in await app.sessions.of_person(kept.account, transaction):
        if details_of(session).device == kept.id:
            await app.end_session(transaction, record, session, by="person")
    await record(DeviceUnbound(person_id=kept.account, device_id=kept.id, by=by.value))
    return True


def set_device_cookie(response: Response, app: Mojeikp, secret: str) -> Response:
    """Give the device its secret; it lasts, so that the device is still bound tomorrow."""
    app.cookies.set(response, COOKIE, secret, YEAR)
    return response

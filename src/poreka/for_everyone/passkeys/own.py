"""Passkeys of a bank's customers and of a portal's people: made, used to sign in, and ended (docs/adr/0040).

What an honest browser brings is checked here for both: the challenge of this page, once; the key's owner; the backup
flags. What has to be proven before a key may be made, and what a key opens, is each system's own.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from poreka.audit.passkey_events import PasskeyAdded, PasskeyEnded, PasskeyRejected
from poreka.audit.record import Recorder
from poreka.for_everyone.passkeys.notices import passkey_told
from poreka.rules.authorising.bound_challenge import Bound
from poreka.rules.browser_words import system_word
from poreka.rules.limits.limits import Purpose
from poreka.rules.passkeys import LONGEST_NAME, flags_fit, has_room
from poreka.shown_words import fit_part
from poreka.store.database import Stale, Transaction
from poreka.store.passkeys import Passkey, Passkeys
from poreka.web.browser.language import texts_of
from poreka.web.challenges import claim_challenge, new_challenge, taken_challenge
from poreka.web.door.limiter import asker, spend
from poreka.web.failures import PageNotFound
from poreka.web.passkeys import (
    KeyUse,
    PasskeyRefused,
    check_new_key,
    checked_use,
    key_used,
    options_to_create,
    options_to_use,
    owner_said,
)
from poreka.web.sessions import details_of
from poreka.web.system import System

FIELDS = ("token", "credential")
PORTAL_SIGN_IN = "passkey-sign-in"
"""What a challenge on a portal's first page is for."""


@dataclass(frozen=True, slots=True)
class Used:
    """An assertion that `used_key` found right; `use_up` spends it."""

    key: Passkey
    use: KeyUse
    bound: Bound


def kept_by(system: System) -> Passkeys:
    """The passkeys of a system; raises `PageNotFound` where the settings switch them off."""
    if system.passkeys is None:
        raise PageNotFound
    return system.passkeys


def form_to_make(
    request: Request, system: System, person_id: str, shown_name: str, purpose: str, keys: list[Passkey]
) -> dict[str, Any]:
    """What `key_form` needs to make a key; `keys` are those that the person has, of which none is made again."""
    known = [key.key_id for key in keys]
    handle = _handle(system, person_id)
    return {
        "token": new_challenge(request, system, purpose),
        "options": options_to_create(system.origin, system.settings.system.name, handle, shown_name, known),
        "agent": _agent(request, system),
    }


def form_to_sign_in(request: Request, system: System, purpose: str) -> dict[str, str] | None:
    """What `key_form` needs to sign in; None where there are no passkeys. Any key of this origin will do."""
    if system.passkeys is None:
        return None
    return {"token": new_challenge(request, system, purpose), "options": options_to_use(system.origin, [])}


async def add_key(
    request: Request,
    system: System,
    transaction: Transaction,
    record: Recorder,
    person_id: str,
    purpose: str,
    fields: Mapping[str, str],
) -> None:
    """Save the key that the browser just made as the person's, and tell all their addresses.

    Raises `PasskeyRefused` for what is no key for this page, `AlreadyThere` when the key is known or the page's
    challenge was used before, and `Stale` when the person has as many keys as may be.
    """
    bound = taken_challenge(request, system, purpose, fields["token"])
    made, passkeys = check_new_key(fields["credential"], bound.challenge(), system.origin), kept_by(system)
    if not has_room(len(await passkeys.of_person(person_id))):
        raise Stale("passkeys")
    key = Passkey(
        id=system.fresh.id(),
        person_id=person_id,
        key_id=made.key_id,
        name=fit_part(fields["name"], LONGEST_NAME) or _agent(request, system),
        public_key=made.public_key,
        uses=made.uses,
        may_sync=made.may_sync,
        synced=made.synced,
        added_at=system.clock(),
    )
    await transaction.insert(claim_challenge(bound), passkeys.adding(key))
    await transaction.insert(*await passkey_told(system, person_id, "added"))
    await record(PasskeyAdded(person_id=person_id, passkey=key.id, synced=key.synced))


async def used_key(request: Request, system: System, purpose: str, fields: Mapping[str, str]) -> Used:
    """The key that signed this page's challenge for its owner; raises `PasskeyRefused`. It is not used up yet."""
    bound = taken_challenge(request, system, purpose, fields["token"])
    key = await kept_by(system).by_key(key_used(fields["credential"]))
    if key is None:
        raise PasskeyRefused("nobody has this key")
    handle = _handle(system, key.person_id)
    if not hmac.compare_digest(owner_said(fields["credential"]).encode(), handle.encode()):
        raise PasskeyRefused("the key says that it is somebody else's")
    use = checked_use(fields["credential"], bound.challenge(), system.origin, key.public_key, key.uses)
    if not flags_fit(may_sync=key.may_sync, says_may_sync=use.may_sync, says_synced=use.synced):
        raise PasskeyRefused("the key has other backup flags than when it was made")
    return Used(key, use, bound)


async def use_up(system: System, transaction: Transaction, used: Used) -> None:
    """Spend an assertion in the transaction of what it opens.

    Raises `AlreadyThere` when its challenge was used before, and `Stale` when the key was used or ended meanwhile.
    """
    await transaction.insert(claim_challenge(used.bound))
    await kept_by(system).use(transaction, used.key, used.use.uses, system.clock(), synced=used.use.synced)


async def note_refused(request: Request, system: System, purpose: str, person_id: str | None = None) -> None:
    """Note a refused passkey in the audit log, and count it for browser and network; a right one is never counted.

    Raises `LimitReached` after too many, and notes nothing.
    """
    async with system.audit.transaction() as (transaction, record):
        await spend(system, transaction, Purpose.PASSKEY, "refused", *asker(request, system))
        await record(PasskeyRejected(person_id=person_id, purpose=purpose))


async def end_key(system: System, transaction: Transaction, record: Recorder, key: Passkey, *, but: str) -> None:
    """End a key at its owner's wish, and the sessions that it opened but the one named `but`; tell all addresses."""
    await kept_by(system).end(transaction, key, system.clock())
    await _end_opened(system, transaction, record, key.person_id, {key.id}, but=but, by="another_session")
    await transaction.insert(*await passkey_told(system, key.person_id, "ended"))
    await record(PasskeyEnded(person_id=key.person_id, passkey=key.id, by="owner"))


async def end_all_keys(system: System, transaction: Transaction, record: Recorder, person_id: str, *, by: str) -> int:
    """End every key of a person and the sessions that they opened; returns how many keys.

    Works also where the settings switch passkeys off, because keys that were made before may still be in the store.
    """
    passkeys = Passkeys(system.database)
    keys = await passkeys.of_person(person_id)
    await _end_opened(system, transaction, record, person_id, {key.id for key in keys}, but="", by=by)
    for key in keys:
        await record(PasskeyEnded(person_id=person_id, passkey=key.id, by=by))
    return await passkeys.end_all(transaction, person_id, system.clock())


async def _end_opened(
    system: System, transaction: Transaction, record: Recorder, person_id: str, keys: set[str], *, but: str, by: str
) -> None:
    for session in await system.sessions.of_person(person_id, transaction):
        if details_of(session).passkey in keys and session.sid != but:
            await system.end_session(transaction, record, session, by=by)


def _handle(system: System, person_id: str) -> str:
    """How authenticators name the person: the same for all their keys here, and nothing of who it is (§14.6.1)."""
    return hmac.digest(system.keys.subjects, f"passkey\0{person_id}".encode(), "sha256").hex()


def _agent(request: Request, system: System) -> str:
    return system_word(request.headers.get("user-agent", "")) or texts_of(request, system)("passkeys.some_device")

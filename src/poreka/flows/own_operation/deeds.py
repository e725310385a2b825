"""The list of deeds: what each is called to its owner, and what the right answer writes down (T2, T4, T6).

Each change is told to the owner by e-mail; a changed address is told to the old one and the new one, so that
nobody can take a profile over in silence. A changed password or phone ends every other session.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.requests import Request

from poreka.audit.profile_events import ContactChanged, TrustedProfileExtended
from poreka.audit.record import Recorder
from poreka.rules.anothers_word import word_holds
from poreka.rules.trusted_profile import TrustedProfile, extend, last_day
from poreka.store.database import Stale, Transaction
from poreka.store.trusted_profiles import OwnedProfile
from poreka.web.client_sessions import end_every_session
from poreka.web.frame import texts_of
from poreka.web.linking import read_word
from poreka.web.own_operations import LINK, OwnOperation
from poreka.web.phone_adding import permitted
from poreka.web.profile_notices import notice
from poreka.web.systems import TrustedProfileSystem
from poreka.web.texts import Texts
from poreka.web.vouched_session import open_vouched


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What a deed is done with."""

    request: Request
    pz: TrustedProfileSystem
    texts: Texts
    transaction: Transaction
    record: Recorder
    wanted: OwnOperation
    owned: OwnedProfile
    sid: str  # of the session in which it is done; it goes on
    journey_id: str


async def carry_out(
    request: Request,
    pz: TrustedProfileSystem,
    transaction: Transaction,
    record: Recorder,
    wanted: OwnOperation,
    owned: OwnedProfile,
    sid: str,
    journey_id: str,
) -> str:
    """Do it, in the transaction that uses the answer up; raises `Stale` when the profile moved on.

    Returns the cookie of the session that the deed opens, empty where it opens none.
    """
    doing = Doing(
        request=request,
        pz=pz,
        texts=texts_of(request, pz),
        transaction=transaction,
        record=record,
        wanted=wanted,
        owned=owned,
        sid=sid,
        journey_id=journey_id,
    )
    if wanted.deed == LINK:
        return await _link(doing)
    await _DEEDS[wanted.deed](doing)
    return ""


def purpose_of(pz: TrustedProfileSystem, wanted: OwnOperation) -> str:
    """What it is for, as the SMS says it: in Polish, like every SMS with a code."""
    return pz.texts["pl"](f"trusted.deed.{wanted.deed}")


async def _sign_in(doing: Doing) -> None:
    """The stronger session is all there is to it."""


async def _recovery(doing: Doing) -> None:
    """The tool has answered; the recovery reads that, and asks for the new password: `flows/profile_recovery`."""


async def _link(doing: Doing) -> str:
    """The owner's own tool says that the person whom the bank knows by another surname is the owner: the session that
    the bank vouched for opens, and from now on issuer and `sub` are known to be theirs."""
    word = read_word(doing.wanted)
    if not word_holds(word.by.told_at, doing.pz.clock()):
        raise Stale("journeys")
    await doing.pz.relying.federated_sessions.remove(doing.transaction, doing.journey_id)
    return await open_vouched(
        doing.request, doing.pz, doing.transaction, doing.record, word.by, doing.owned, word.release
    )


async def _extend(doing: Doing) -> None:
    after = extend(doing.owned.profile, doing.pz.clock())
    if not isinstance(after, TrustedProfile):
        raise Stale("trusted_profiles")
    await doing.pz.profiles.save(doing.transaction, doing.owned, doing.owned.under(after))
    await doing.record(TrustedProfileExtended(person_id=doing.owned.id, until=after.until))
    await _tell(doing, doing.owned, "extended", until=last_day(after).strftime("%d-%m-%Y"))


async def _phone(doing: Doing) -> None:
    after = replace(doing.owned, phone=doing.wanted.values["phone"], contact_changed_at=doing.pz.clock())
    await _change(doing, after, "phone")
    await _tell(doing, doing.owned, "phone_changed", end=doing.wanted.values["phone"][-3:])


async def _email(doing: Doing) -> None:
    after = replace(doing.owned, email=doing.wanted.values["email"], contact_changed_at=doing.pz.clock())
    await _change(doing, after, "email")
    await _tell(doing, doing.owned, "email_changed_old")
    await _tell(doing, after, "email_changed_new")


async def _password(doing: Doing) -> None:
    await _change(doing, replace(doing.owned, password_hash=doing.wanted.values["password_hash"]), "password")
    await _tell(doing, doing.owned, "password_changed")


async def _device(doing: Doing) -> None:
    """A phone may be enrolled, by this browser; nothing is, yet: `flows/profile_phones`."""
    await doing.transaction.insert(permitted(doing.pz, doing.owned.id, doing.wanted.values))


async def _change(doing: Doing, after: OwnedProfile, field: str) -> None:
    pz, owned = doing.pz, doing.owned
    await pz.profiles.save(doing.transaction, owned, after)
    await doing.record(ContactChanged(person_id=owned.id, fields=(field,)))
    await end_every_session(pz, doing.transaction, doing.record, owned.id, by="changed", but=doing.sid)


async def _tell(doing: Doing, to: OwnedProfile, kind: str, **values: str) -> None:
    await doing.transaction.insert(notice(doing.pz, doing.texts, to, kind, **values))


_DEEDS: dict[str, Callable[[Doing], Awaitable[None]]] = {
    "sign_in": _sign_in,
    "extend": _extend,
    "phone": _phone,
    "email": _email,
    "password": _password,
    "device": _device,
    "recovery": _recovery,
}

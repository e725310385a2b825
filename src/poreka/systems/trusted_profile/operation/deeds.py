"""The list of deeds: what the right answer to each writes down (T2, T4, T6).

What a deed is called, who is told of it at which address, and whether a recovery waits afterwards stand in its row of
the table of acts (`rules/acts/trusted_profile.py`); here nothing of it can be forgotten, as `carry_out` does it for
all of them. A changed password or phone ends every other session.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from starlette.requests import Request

from poreka.audit.record import Recorder
from poreka.provider.client_sessions import end_every_session
from poreka.rules.acts.table import OWN_OPERATIONS
from poreka.rules.acts.words import act_words
from poreka.rules.anothers_word import word_holds
from poreka.store.database import Stale, Transaction
from poreka.systems.trusted_profile.ending import end_what_rests
from poreka.systems.trusted_profile.events import ContactChanged, TrustedProfileEnded, TrustedProfileExtended
from poreka.systems.trusted_profile.notices import tell
from poreka.systems.trusted_profile.operation.wanted import OwnOperation
from poreka.systems.trusted_profile.phones.wanted import permitted
from poreka.systems.trusted_profile.rules.profile import EndedBy, TrustedProfile, extend, invalidate, last_day
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.systems.trusted_profile.vouched.linking import read_word
from poreka.systems.trusted_profile.vouched.session import open_vouched
from poreka.web.browser.language import texts_of
from poreka.web.texts import Texts


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


@dataclass(frozen=True, slots=True)
class Done:
    """The profile afterwards, what notices say besides, and the cookie of the session that was opened, if one was."""

    after: OwnedProfile
    values: Mapping[str, object] = field(default_factory=dict)
    cookie: str = ""
    signed_out: bool = False


async def carry_out(
    request: Request,
    pz: TrustedProfileSystem,
    transaction: Transaction,
    record: Recorder,
    wanted: OwnOperation,
    owned: OwnedProfile,
    sid: str,
    journey_id: str,
) -> str | None:
    """Do it, in the transaction that uses the answer up; raises `Stale` when the profile moved on.

    Returns the cookie of the session that the deed opens, empty where it opens none; None: it ended every session.
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
    done = await DEEDS[wanted.deed](doing)
    await tell(pz, doing.texts, transaction, wanted.deed, owned, done.after, **done.values)
    return None if done.signed_out else done.cookie


def purpose_of(pz: TrustedProfileSystem, wanted: OwnOperation) -> str:
    """What it is for, as the SMS and the app say it: in Polish, like every SMS with a code."""
    return act_words(pz.texts["pl"], OWN_OPERATIONS[wanted.deed], wanted.values)


async def _sign_in(doing: Doing) -> Done:
    """The stronger session is all there is to it."""
    return Done(doing.owned)


async def _recovery(doing: Doing) -> Done:
    """The tool has answered; the recovery reads that, and asks for the new password:
    `systems/trusted_profile/recovery`."""
    return Done(doing.owned)


async def _link(doing: Doing) -> Done:
    """The owner's own tool says that the person whom the bank knows by another surname is the owner: the session that
    the bank vouched for opens, and from now on issuer and `sub` are known to be theirs."""
    word = read_word(doing.wanted)
    if not word_holds(word.by.told_at, doing.pz.clock()):
        raise Stale("journeys")
    await doing.pz.relying.federated_sessions.remove(doing.transaction, doing.journey_id)
    cookie = await open_vouched(
        doing.request, doing.pz, doing.transaction, doing.record, word.by, doing.owned, word.release
    )
    return Done(doing.owned, cookie=cookie)


async def _extend(doing: Doing) -> Done:
    after = extend(doing.owned.profile, doing.pz.clock())
    if not isinstance(after, TrustedProfile):
        raise Stale("trusted_profiles")
    await doing.pz.profiles.save(doing.transaction, doing.owned, doing.owned.under(after))
    await doing.record(TrustedProfileExtended(person_id=doing.owned.id, until=after.until))
    return Done(doing.owned, {"until": last_day(after)})


async def _phone(doing: Doing) -> Done:
    after = replace(doing.owned, phone=doing.wanted.values["phone"])
    return Done(await _change(doing, after, "phone"), {"end": after.phone[-3:]})


async def _email(doing: Doing) -> Done:
    return Done(await _change(doing, replace(doing.owned, email=doing.wanted.values["email"]), "email"))


async def _password(doing: Doing) -> Done:
    after = replace(doing.owned, password_hash=doing.wanted.values["password_hash"])
    return Done(await _change(doing, after, "password"))


async def _invalidate(doing: Doing) -> Done:
    pz, owned = doing.pz, doing.owned
    after = invalidate(owned.profile, EndedBy.OWNER, pz.clock())
    if not isinstance(after, TrustedProfile):
        raise Stale("trusted_profiles")
    await pz.profiles.save(doing.transaction, owned, owned.under(after))
    await doing.record(TrustedProfileEnded(person_id=owned.id, by=EndedBy.OWNER.value))
    await end_what_rests(pz, doing.transaction, doing.record, owned, by="invalidated")
    return Done(owned, signed_out=True)


async def _device(doing: Doing) -> Done:
    """A phone may be enrolled, by this browser; nothing is, yet: `systems/trusted_profile/phones`."""
    await doing.transaction.insert(permitted(doing.pz, doing.owned.id, doing.wanted.values))
    return Done(doing.owned)


async def _change(doing: Doing, after: OwnedProfile, what: str) -> OwnedProfile:
    pz, owned = doing.pz, doing.owned
    if OWN_OPERATIONS[doing.wanted.deed].pauses_recovery:
        after = replace(after, contact_changed_at=pz.clock())
    await pz.profiles.save(doing.transaction, owned, after)
    await doing.record(ContactChanged(person_id=owned.id, fields=(what,)))
    await end_every_session(pz, doing.transaction, doing.record, owned.id, by="changed", but=doing.sid)
    return after


DEEDS: dict[str, Callable[[Doing], Awaitable[Done]]] = {
    "sign_in": _sign_in,
    "extend": _extend,
    "phone": _phone,
    "email": _email,
    "password": _password,
    "invalidate": _invalidate,
    "device": _device,
    "recovery": _recovery,
    "link": _link,
}
"""Each own operation of the table of acts, and what does it."""

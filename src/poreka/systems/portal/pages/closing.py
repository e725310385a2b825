"""Closing a profile at the portal for good: its ways in end, its sessions end, and its address is told.

For whoever closes one, in the transaction that does it: an operator, the person it was not made by, or time itself
(`systems/portal/rules/profile.py::ClosedBy`). The letter is the last that goes to this address.
"""

from contextlib import suppress

from poreka.audit.events import ProfileClosed
from poreka.audit.record import Recorder
from poreka.for_everyone.passkeys.own import end_all_keys
from poreka.for_everyone.sessions.ending import end_all_but
from poreka.store.database import Insert, Stale, Transaction
from poreka.store.outbox import Message
from poreka.systems.portal.rules.profile import DAY, ClosedBy, PortalProfile, close, has_lapsed
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.texts import Texts

MOST_AT_ONCE = 200
NEWS_LIFE = 3 * 24 * 3600
"""Seconds for which it is worth trying to send the letter."""


async def close_profile(
    portal: Portal, transaction: Transaction, record: Recorder, texts: Texts, profile: Profile, by: ClosedBy
) -> Profile:
    """Close it and return it closed; raises `Stale` when it was closed or changed since it was read."""
    rule = close(profile.profile, portal.clock())
    if not isinstance(rule, PortalProfile):
        raise Stale("profiles")
    closed = await portal.profiles.save(transaction, profile, profile.closed(rule))
    await end_all_but(portal, transaction, record, profile.id, but=None, by="profile_closed")
    await end_all_keys(portal, transaction, record, profile.id, by="profile_closed")
    await transaction.insert(_letter(portal, texts, profile, by))
    await record(ProfileClosed(person_id=profile.id, by=by.value, state=profile.profile.state.value))
    return closed


async def close_if_lapsed(portal: Portal, profile: Profile) -> bool:
    """Close an untrusted profile that nobody proved in time; True where it is over. Whoever reads one asks this first.

    In Polish, as the language of whoever made it is not known.
    """
    if not has_lapsed(profile.profile, profile.created_at, _days(portal), portal.clock()):
        return False
    with suppress(Stale):  # somebody else closes it at this moment
        async with portal.audit.transaction() as (transaction, record):
            await close_profile(portal, transaction, record, portal.texts["pl"], profile, ClosedBy.LAPSED)
        portal.wake_delivery()
    return True


async def close_lapsed(portal: Portal) -> int:
    """Close all that have lapsed; returns how many there were."""
    closed, until = 0, portal.clock() - _days(portal) * DAY
    while found := await portal.profiles.untrusted_since(until, MOST_AT_ONCE):
        closed += sum([await close_if_lapsed(portal, one) for one in found])
    return closed


def _days(portal: Portal) -> int:
    return portal.settings.portal.untrusted_days


def _letter(portal: Portal, texts: Texts, profile: Profile, by: ClosedBy) -> Insert:
    now = portal.clock()
    message = Message(
        id=portal.fresh.id(),
        channel="email",
        recipient=profile.email,
        body=texts(f"profiles.mail.closed_{by.value}", system=portal.settings.system.name),
        about=f"profile:{profile.id}",
        created_at=now,
        due_at=now,
        expires_at=now + NEWS_LIFE,
    )
    return portal.outbox.adding(message)

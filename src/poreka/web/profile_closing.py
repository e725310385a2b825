"""Closing a profile at the portal for good: its way in ends, its sessions end, and its address is told.

For whoever closes one, in the transaction that does it: an operator, the person it was not made by, or time itself
(`rules/portal_profile.py::ClosedBy`). The letter is the last that goes to this address.
"""

from poreka.audit.events import ProfileClosed, SignedOut
from poreka.audit.record import Recorder
from poreka.rules.portal_profile import ClosedBy, PortalProfile, close
from poreka.store.database import Insert, Stale, Transaction
from poreka.store.outbox import Message
from poreka.store.profiles import Profile
from poreka.web.systems import Portal
from poreka.web.texts import Texts

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
    for sid in await portal.sessions.end_all_of_person(transaction, profile.id):
        await portal.federated_sessions.remove(transaction, sid)
        await record(SignedOut(person_id=profile.id, sid=sid, by="profile_closed"))
    await transaction.insert(_letter(portal, texts, profile, by))
    await record(ProfileClosed(person_id=profile.id, by=by.value, state=profile.profile.state.value))
    return closed


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

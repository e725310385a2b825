"""Reminding the owners of trusted profiles that they end: 90, 30, 7 and 1 days before, each once (T2).

The next reminder's moment stands in the profile; moving it on and putting the e-mail into the outbox are one
transaction, guarded by the profile's version, so that of several workers one sends it. Which is due:
`systems/trusted_profile/rules/profile.py`.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from poreka.audit.record import AuditLog
from poreka.store.database import Stale
from poreka.store.outbox import Message, Outbox
from poreka.systems.trusted_profile.events import ReminderSent
from poreka.systems.trusted_profile.rules.profile import last_day, reminded, reminder_due
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile, TrustedProfiles

MOST_AT_ONCE = 500
LIFE = 3 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminding:
    """What reminding needs; `words` writes the e-mail: its subject is the first line."""

    profiles: TrustedProfiles
    outbox: Outbox
    audit: AuditLog
    clock: Callable[[], int]
    fresh_id: Callable[[], str]
    words: Callable[[OwnedProfile, datetime.date], str]

    async def round(self) -> int:
        """Send what is due now; returns how many reminders went into the outbox."""
        sent = 0
        while found := await self.profiles.to_remind(MOST_AT_ONCE):
            moved = [await self._remind(owned) for owned in found]
            sent += sum(moved)
            if not any(moved):
                break  # another worker is at it
        return sent

    async def _remind(self, owned: OwnedProfile) -> bool:
        now = self.clock()
        due, after = reminder_due(owned.profile, now), owned.under(reminded(owned.profile, now))
        if due is None:
            return False
        message = Message(
            id=self.fresh_id(),
            channel="email",
            recipient=owned.email,
            body=self.words(owned, last_day(owned.profile)),
            about=f"profile:{owned.id}",
            created_at=now,
            due_at=now,
            expires_at=now + LIFE,
        )
        try:
            async with self.audit.transaction() as (transaction, record):
                await self.profiles.save(transaction, owned, after)
                await transaction.insert(self.outbox.adding(message))
                await record(ReminderSent(person_id=owned.id, days=due))
        except Stale:
            return False  # another worker sends it, or the owner changes something at this moment
        return True

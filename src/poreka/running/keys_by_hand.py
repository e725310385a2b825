"""A system's own signing keys turned by hand, for one that leaked, and listed with their states.

They turn by themselves every 90 days. A served system has its ring already (`System.own_keys`); here is that of a
system that was only opened. What turning does is `key_ring.py`.
"""

from poreka.audit.record import AuditLog
from poreka.running.foundation import Foundation
from poreka.running.key_ring import KeyRing
from poreka.running.running import own_keys
from poreka.store.past_keys import PastKeys
from poreka.store.signing_keys import SigningKeys, StoredKey


async def rotate_keys_now(base: Foundation) -> list[str]:
    """Put new keys in the place of the current ones, at once; returns the names of the new ones.

    Running servers take them over within a minute, the old ones stay published for a day. What the old ones signed to
    last proves nothing any more.
    """
    return await _ring(base).rotate_now()


async def kept_keys(base: Foundation) -> list[StoredKey]:
    """The keys that there are, whatever their state; none before the first start."""
    return await SigningKeys(base.database, base.seal, base.fresh).all()


def _ring(base: Foundation) -> KeyRing:
    audit = AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
    past = PastKeys(base.database) if base.settings.KIND.vouches else None
    return own_keys(base, audit, past)

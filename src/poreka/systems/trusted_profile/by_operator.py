"""What an operator does about a trusted profile: locks it, for an owner who cannot sign in.

A locked profile gives way to a new one, made by somebody proven anew. What ends with it is said in `ending.py`.
"""

from enum import Enum

from poreka.store.database import Stale
from poreka.systems.trusted_profile.ending import end_what_rests
from poreka.systems.trusted_profile.events import TrustedProfileLocked
from poreka.systems.trusted_profile.notices import tell
from poreka.systems.trusted_profile.rules.profile import NotPossible, lock
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem


class NotLocked(Enum):
    """Why a profile was not locked."""

    NONE_VALID = "the person has no profile that could be locked"
    CHANGED = "the profile was changed at this moment"


async def lock_profile_by_operator(pz: TrustedProfileSystem, person_id: str) -> OwnedProfile | NotLocked:
    """Lock a profile: it vouches for nobody, and its sessions and phones end; its e-mail address is told."""
    owned = await pz.profiles.load(person_id)
    after = lock(owned.profile, pz.clock()) if owned else None
    if owned is None or after is None or isinstance(after, NotPossible):
        return NotLocked.NONE_VALID
    try:
        async with pz.audit.transaction() as (transaction, record):
            locked = await pz.profiles.save(transaction, owned, owned.under(after))
            await record(TrustedProfileLocked(person_id=owned.id, by="operator"))
            await end_what_rests(pz, transaction, record, owned, by="operator")
            await tell(pz, pz.texts["pl"], transaction, "lock_profile_by_operator", owned)
    except Stale:
        return NotLocked.CHANGED
    return locked

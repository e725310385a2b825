"""What an operator does about a portal profile: closes it for good.

What ends with it, and the letter to its address, are said in `pages/closing.py`.
"""

from enum import Enum

from poreka.store.database import Stale
from poreka.systems.portal.pages.closing import close_profile
from poreka.systems.portal.rules.profile import ClosedBy
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal


class NotClosed(Enum):
    """Why a profile was not closed."""

    NONE = "there is no such profile"
    ALREADY = "the profile is closed, or was changed at this moment"


async def close_profile_by_operator(portal: Portal, person_id: str) -> Profile | NotClosed:
    """Close a profile: its ways in and its sessions end, and its e-mail address is told."""
    profile = await portal.profiles.by_id(person_id)
    if profile is None:
        return NotClosed.NONE
    try:
        async with portal.audit.transaction() as (transaction, record):
            return await close_profile(portal, transaction, record, portal.texts["pl"], profile, ClosedBy.OPERATOR)
    except Stale:
        return NotClosed.ALREADY

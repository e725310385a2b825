"""`poreka profile`: a trusted profile locked, a portal profile closed, at their owner's wish or for their sake.

Both end every session and tell the e-mail address the profile has. A locked profile gives way to a new one, made by
somebody proven anew; a closed one is over for good.
"""

from pathlib import Path

from poreka.cli.opened import with_running
from poreka.cli.people import person_meant
from poreka.running.failed import Failed
from poreka.store.database import Stale
from poreka.systems.portal.pages.closing import close_profile
from poreka.systems.portal.rules.profile import ClosedBy
from poreka.systems.portal.system import Portal
from poreka.systems.trusted_profile.ending import end_what_rests
from poreka.systems.trusted_profile.events import TrustedProfileLocked
from poreka.systems.trusted_profile.notices import tell
from poreka.systems.trusted_profile.rules.profile import NotPossible, lock
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.system import System


def lock_profile(file: Path, name: str | None = None, /) -> None:
    """Lock a trusted profile: it vouches for nobody any more, and its sessions and phones end.

    Parameters
    ----------
    file
        The trusted profile's settings file.
    name
        The owner's user name. Without it a PESEL is asked for.
    """

    async def work(system: System) -> None:
        if not isinstance(system, TrustedProfileSystem):
            raise Failed("this command is for a trusted_profile")
        owned = await system.profiles.load(await person_meant(system, name))
        after = lock(owned.profile, system.clock()) if owned else None
        if owned is None or after is None or isinstance(after, NotPossible):
            raise Failed("there is no valid profile to be locked")
        try:
            async with system.audit.transaction() as (transaction, record):
                await system.profiles.save(transaction, owned, owned.under(after))
                await record(TrustedProfileLocked(person_id=owned.id, by="operator"))
                await end_what_rests(system, transaction, record, owned, by="operator")
                await tell(system, system.texts["pl"], transaction, "lock_profile_by_operator", owned)
        except Stale:
            raise Failed("the profile changed at this moment; look again") from None
        print("locked")

    with_running(file, work, "trusted_profile")


def close_portal_profile(file: Path, name: str | None = None, /) -> None:
    """Close a portal profile for good.

    Parameters
    ----------
    file
        The portal's settings file.
    name
        The profile's login, if it has one. Without it a PESEL is asked for.
    """

    async def work(system: System) -> None:
        if not isinstance(system, Portal):
            raise Failed("this command is for a portal")
        profile = await system.profiles.by_id(await person_meant(system, name))
        if profile is None:
            raise Failed("there is no profile to be closed")
        try:
            async with system.audit.transaction() as (transaction, record):
                await close_profile(system, transaction, record, system.texts["pl"], profile, ClosedBy.OPERATOR)
        except Stale:
            raise Failed("the profile is closed already, or changed at this moment") from None
        print("closed")

    with_running(file, work, "portal")

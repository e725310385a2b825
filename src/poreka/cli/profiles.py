"""`poreka profile`: a trusted profile locked, a portal profile closed, at their owner's wish or for their sake.

Both end every session and tell the e-mail address the profile has. A locked profile gives way to a new one, made by
somebody proven anew; a closed one is over for good.
"""

from pathlib import Path

from poreka.cli.opened import with_running
from poreka.cli.people import person_meant
from poreka.running.failed import Failed
from poreka.systems.portal.by_operator import NotClosed, close_profile_by_operator
from poreka.systems.portal.system import Portal
from poreka.systems.trusted_profile.by_operator import NotLocked, lock_profile_by_operator
from poreka.systems.trusted_profile.system import TrustedProfileSystem

NOT_LOCKED = {
    NotLocked.NONE_VALID: "there is no valid profile to be locked",
    NotLocked.CHANGED: "the profile changed at this moment; look again",
}
NOT_CLOSED = {
    NotClosed.NONE: "there is no profile to be closed",
    NotClosed.ALREADY: "the profile is closed already, or changed at this moment",
}


def lock_profile(file: Path, name: str | None = None, /) -> None:
    """Lock a trusted profile: it vouches for nobody any more, and its sessions and phones end.

    Parameters
    ----------
    file
        The trusted profile's settings file.
    name
        The owner's user name. Without it a PESEL is asked for.
    """

    async def work(pz: TrustedProfileSystem) -> None:
        done = await lock_profile_by_operator(pz, await person_meant(pz, name))
        if isinstance(done, NotLocked):
            raise Failed(NOT_LOCKED[done])
        print("locked")

    with_running(file, TrustedProfileSystem, work, "trusted_profile")


def close_portal_profile(file: Path, name: str | None = None, /) -> None:
    """Close a portal profile for good.

    Parameters
    ----------
    file
        The portal's settings file.
    name
        The profile's login, if it has one. Without it a PESEL is asked for.
    """

    async def work(portal: Portal) -> None:
        done = await close_profile_by_operator(portal, await person_meant(portal, name))
        if isinstance(done, NotClosed):
            raise Failed(NOT_CLOSED[done])
        print("closed")

    with_running(file, Portal, work, "portal")

"""The code that goes out with the sign-in, where one belongs to every sign-in anyway: at the trusted profile.

Nobody has to ask for it first. It goes once for each sign-in: whoever goes back, or looks at another page, is asked
before another one is sent. What it is for is decided where it is sent: `systems/trusted_profile/operation`,
`provider/release`.
"""

from poreka.store.database import AlreadyThere
from poreka.store.sessions import Session
from poreka.store.used_once import UsedOnce
from poreka.web.system import System


async def may_go_unasked(system: System, session: Session) -> bool:
    """Whether a code may go without being asked for; true once for each sign-in."""
    try:
        signed_in = f"{session.sid}:{session.auth_time}"
        await UsedOnce(system.database).claim("code_with_sign_in", signed_in, session.ends_at)
    except AlreadyThere:
        return False
    return True

"""What a bank and a portal both show of somebody's passkeys, and ending one.

`?done=` says what was done just now. Whose a key is not, for them it is not there.
"""

from typing import Any

from starlette.requests import Request

from poreka.for_everyone.passkeys.own import end_key, kept_by
from poreka.rules.passkeys import MOST
from poreka.rules.shown_date import people_time
from poreka.store.database import Stale
from poreka.store.passkeys import Passkey
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.failures import PageNotFound
from poreka.web.system import System
from poreka.web.texts import Texts

DONE = ("added", "removed")


async def list_of(request: Request, system: System, session: Session) -> dict[str, Any]:
    """The data of the list."""
    texts, done = texts_of(request, system), request.query_params.get("done", "")
    keys = await kept_by(system).of_person(session.person_id)
    return {
        "passkeys": [shown(key, texts) for key in keys],
        "full": len(keys) >= MOST,
        "done": done if done in DONE else "",
    }


def shown(key: Passkey, texts: Texts) -> dict[str, Any]:
    """One key, as its owner sees it."""
    used = people_time(key.used_at, texts.language) if key.used_at else texts("passkeys.never_used")
    return {
        "id": key.id,
        "name": key.name,
        "rows": [
            {"key": texts("passkeys.added"), "value": people_time(key.added_at, texts.language)},
            {"key": texts("passkeys.used"), "value": used},
            {
                "key": texts("passkeys.where"),
                "value": texts("passkeys.synced" if key.synced else "passkeys.one_device"),
            },
        ],
    }


async def named_key(request: Request, system: System, session: Session) -> Passkey:
    """The key that the address names, of whoever is signed in; raises `PageNotFound`."""
    key = await kept_by(system).by_id(request.path_params["passkey"])
    if key is None or key.person_id != session.person_id:
        raise PageNotFound
    return key


async def end_named_key(request: Request, system: System, session: Session) -> None:
    """It opens nothing any more; one that ended at this moment in another tab has ended."""
    key = await named_key(request, system, session)
    try:
        async with system.audit.transaction() as (transaction, record):
            await end_key(system, transaction, record, key, but=session.sid)
    except Stale:
        return
    system.wake_delivery()

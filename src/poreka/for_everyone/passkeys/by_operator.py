"""What an operator does about a person's passkeys: looks at them, and ends them all.

For somebody who cannot reach their own list, or whose device is in somebody else's hands. Both work also where the
settings have switched passkeys off: a key that is kept would open a session once they are on again.
"""

from poreka.for_everyone.passkeys.notices import passkey_told
from poreka.for_everyone.passkeys.own import end_all_keys
from poreka.store.passkeys import Passkey, Passkeys
from poreka.web.system import System


async def kept_passkeys(system: System, person_id: str) -> list[Passkey]:
    """The passkeys of a person that were not ended."""
    return await Passkeys(system.database).of_person(person_id)


async def end_passkeys_by_operator(system: System, person_id: str) -> int:
    """End every passkey of a person and the sessions that they opened; returns how many. Where any ended, the person
    is told at every address there is."""
    async with system.audit.transaction() as (transaction, record):
        ended = await end_all_keys(system, transaction, record, person_id, by="operator")
        if ended:
            await transaction.insert(*await passkey_told(system, person_id, "ended_all"))
    return ended

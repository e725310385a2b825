"""The present password once more, before something is changed that a session left open must not be enough for.

Wrong ones are counted like those of a sign-in, before they are compared (`rules/limits/attempts.py`).
"""

from poreka.codes.counted_tries import Try, begin_try, counted_under, right, until_verdict, wrong
from poreka.rules.passwords.new_password import normal_password
from poreka.web.system import System


async def is_present(system: System, person_id: str, password_hash: str, typed: str) -> bool:
    """Whether it is the present password; False, too, where no more may be tried now."""
    tried = await begin_try(system, counted_under(system, "present password", person_id))
    if not isinstance(tried, Try):
        return False
    async with until_verdict(system, tried):
        is_right = await system.passwords.matches(password_hash, normal_password(typed))
        async with system.database.transaction() as transaction:
            await (right if is_right else wrong)(system, transaction, tried)
    return is_right

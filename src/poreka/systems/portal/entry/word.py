"""A word that waited for more than five minutes is asked for again before anything is made of it (docs/adr/0030).

The same provider is asked, and a sign-in no older than the one it vouched for will do, so that a person who is still
signed in there sees no page. What was typed meanwhile waits in the entry. A certificate is shown anew from the
beginning. The way back: `callback.py`.
"""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.jwt_claims import SIGN_IN_SKEW
from poreka.relying.sign_in.set_out import go_to
from poreka.rules.anothers_word import age_of_same, word_holds
from poreka.store.database import Stale
from poreka.systems.portal.entry.under_way import UnderWay
from poreka.systems.portal.rules.entry_record import ByProvider, WithFacts, written
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage

KEPT = ("phone", "email", "email_again")
"""What is kept of a form; a box has to be ticked anew."""


def holds(system: Portal, person: WithFacts) -> bool:
    """Whether something may still be made of what was said of this person."""
    return word_holds(person.told_at, system.clock())


async def ask_again(
    request: Request, system: Portal, entry: UnderWay, person: WithFacts, typed: Mapping[str, str] | None = None
) -> Response:
    """To the provider, and back to this entry."""
    provider = system.relied_on.get(person.provider) if isinstance(person, ByProvider) else None
    if provider is None:
        raise StalePage("sign_in_stale")
    if typed is not None:
        kept = {name: typed[name] for name in KEPT}
        try:
            record = msgspec.structs.replace(entry.record, typed=kept)
            await system.journeys.save(system.database, entry.journey, written(record))
        except Stale:
            return redirect(request, system, entry.address)
    max_age = age_of_same(person.auth_time, system.clock(), SIGN_IN_SKEW)
    return await go_to(request, system, provider, target=entry.address, level=person.level, max_age=max_age)

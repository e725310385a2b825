"""The browser is back from a provider: take the question it answers, judge the answer, learn the facts.

Every system that relies on providers calls `returned` in its callback, and decides itself what becomes of the person.
The question is taken out of the store first, so that it is answered once, and only for the browser that asked it; an
answer without a question gets the page for stale sign-ins. A provider's "no" leads to a page with an address of its
own, /not-signed-in/….
"""

from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import EntryFailed
from poreka.oidc.relying_party.authorization import PendingSignIn
from poreka.oidc.relying_party.callback import ProviderSaidNo
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback
from poreka.outgoing.back_channel import PeerFault
from poreka.relying.relied_on import ReliedOn
from poreka.relying.sign_in.provider_exchange import Vouched, finish_at
from poreka.relying.sign_in.set_out import trouble_page
from poreka.relying.sign_in.vouched_facts import FactsFault, person_facts
from poreka.relying.system import Relying
from poreka.rules.levels import Level
from poreka.rules.people.person import PersonFacts
from poreka.store.fresh import secret_hash
from poreka.web.browser.language import texts_of
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.forms import query_pairs
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.system import System

log = structlog.get_logger()

REASONS = (
    "cancelled",
    "refused",
    "aborted",
    "expired",
    "denied",
    "too_weak",
    "too_old",
    "other_person",
    "trouble",
    "left",
)
_OF_ERRORS = {
    "access_denied": "denied",
    "unmet_authentication_requirements": "too_weak",
    "temporarily_unavailable": "trouble",
    "server_error": "trouble",
}
_LESS_THAN_ASKED = {"auth_time": "too_old", "level": "too_weak"}
"""The page for each `ProviderFault` whose sign-in is less than was asked for: those are told like a "no"."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A person whom a provider vouches for; `facts` holds all that a system here needs."""

    provider: ReliedOn
    pending: PendingSignIn
    vouched: Vouched
    facts: PersonFacts


async def returned(request: Request, system: Relying) -> Returned | Response:
    """Who came back to /callback/{provider}, or the page that says why nobody did.

    Raises `PageNotFound` for an unknown provider, and `StalePage` for an answer to no question of this browser.
    """
    provider = system.relied_on.get(request.path_params["provider"])
    if provider is None:
        raise PageNotFound
    pairs = query_pairs(request)
    pending = await take_question(request, system, provider, pairs)
    if pending.signature is not None:
        raise StalePage("sign_in_stale")  # it was no sign-in that was asked for
    try:
        outcome = await finish_at(system, provider, pending, pairs)
    except StrayCallback as stray:
        raise StalePage("sign_in_stale") from stray
    except (PeerFault, ProviderFault) as fault:
        if isinstance(fault, ProviderFault) and fault.kind in _LESS_THAN_ASKED:
            log.warning(fault.description, provider=provider.key, detail=fault.detail)
            return await said_no(request, system, provider, _LESS_THAN_ASKED[fault.kind])
        kind = fault.kind if isinstance(fault, ProviderFault) else "unreachable"
        await _failed(system, provider, kind)
        return await trouble_page(request, system, provider, fault)
    if isinstance(outcome, ProviderSaidNo):
        reason = reason_of(outcome)
        log.info("provider said no", provider=provider.key, error=outcome.error, reason=reason)
        return await said_no(request, system, provider, reason)
    facts = person_facts(provider.registration, outcome.facts)
    if isinstance(facts, FactsFault):
        return await _not_enough(request, system, provider, facts)
    return Returned(provider, pending, outcome, facts)


def reason_of(no: ProviderSaidNo) -> str:
    """Which page a provider's "no" leads to: by its reason if it gives one, else by the error code."""
    return no.reason or _OF_ERRORS.get(no.error, "denied")


async def take_question(
    request: Request, system: Relying, provider: ReliedOn, pairs: list[tuple[str, str]]
) -> PendingSignIn:
    """Take the question that this browser asked this provider out of the store; raises `StalePage`.

    A question put to another provider is refused: its answer came to the wrong address (mix-up).
    """
    browser = system.cookies.secret(request, "browser")
    states = [value for name, value in pairs if name == "state"]
    if browser is None:
        raise StalePage("sign_in_no_cookies", 400)
    if len(states) != 1:
        raise StalePage("sign_in_stale")
    pending = await system.pending_sign_ins.take(states[0], secret_hash(browser), system.clock())
    if pending is None or pending.issuer != provider.registration.issuer:
        raise StalePage("sign_in_stale")
    return pending


async def said_no(request: Request, system: Relying, provider: ReliedOn, reason: str) -> Response:
    """Note the failure and redirect to /not-signed-in/…, where reloading and changing the language work."""
    await _failed(system, provider, reason)
    return redirect(request, system, f"/not-signed-in/{provider.key}/{reason}")


def too_weak(request: Request, system: System, key: str, asked: Level, received: str | None) -> Response:
    """Redirect to the page for a sign-in below the level asked for; the log names both levels, to compare settings."""
    detail = f"asked {asked.acr}, came {received!r:.120}"
    log.warning("The sign-in was not strong enough.", provider=key, detail=detail)
    return redirect(request, system, f"/not-signed-in/{key}/too_weak")


async def _not_enough(request: Request, system: Relying, provider: ReliedOn, fault: FactsFault) -> Response:
    request.state.reference = system.fresh.id()[-10:].upper()
    log.info("facts not enough", reference=request.state.reference, provider=provider.key, fault=fault.value)
    await _failed(system, provider, fault.value)
    t = texts_of(request, system)
    return show(
        request,
        system,
        "web/layout/error.html",
        session=await session_of(request, system),
        status=403,
        kind="facts_not_enough",
        what_happened=t("failure.facts_not_enough.happened", provider=provider.name),
        what_was_sent=t(f"entry.no.{fault.value}", provider=provider.name),
    )


async def _failed(system: Relying, provider: ReliedOn, reason: str) -> None:
    event = EntryFailed(person_id=None, issuer=provider.registration.issuer, reason=reason)
    await system.audit.save(event=event)

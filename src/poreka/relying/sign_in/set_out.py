"""Sending a browser to a provider, and the page for when a provider does not answer or cannot be believed.

`go_to` is what every way of beginning ends in: the bank list, a sign-in begun by the bank, a step-up. The
page says what to do (try again, another way in) and a reference; the log has the private detail under it.
"""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.faults import ProviderBusy, ProviderFault
from poreka.oidc.trusted_signature import SignatureRequest
from poreka.outgoing.back_channel import PeerFault, PeerUnreachable
from poreka.relying.relied_on import ReliedOn
from poreka.relying.sign_in.provider_exchange import begin_at
from poreka.relying.system import Relying
from poreka.rules.levels import Level
from poreka.store.fresh import secret_hash
from poreka.web.browser.language import language_of, texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.texts import Texts

log = structlog.get_logger()

RETRY_SECONDS = "30"


WAYS = {"portal": "/banks", "trusted_profile": "/create"}
"""Where each kind of system lists its providers; a sign-in begins below it. Others list them on their first page."""


def list_of_ways(system: Relying) -> str:
    """The page with the providers to choose from."""
    return WAYS.get(system.settings.system.kind, "/")


def begins_at(system: Relying, provider: ReliedOn) -> str:
    """Where a form begins a sign-in at this provider."""
    return f"{WAYS.get(system.settings.system.kind, '/enter')}/{provider.key}"


async def go_to(
    request: Request,
    system: Relying,
    provider: ReliedOn,
    *,
    target: str | None = None,
    level: Level | None = None,
    max_age: int | None = None,
    signature: SignatureRequest | None = None,
    consent_anew: bool = False,
) -> Response:
    """Begin a sign-in at the provider and send the browser there, or show that it is not possible now.

    `max_age` wishes for re-authentication (OpenID Connect Core 1.0 §3.1.2.1): how many seconds ago the person may
    have signed in there; 0: anew. Whoever comes back with an older sign-in is refused by `relying/sign_in/returned.py`.
    """
    browser_hash = secret_hash(browser_of(request, system))
    language = language_of(request, system)
    try:
        address = await begin_at(
            system,
            provider,
            browser_hash,
            target=target,
            language=language,
            level=level,
            max_age=max_age,
            signature=signature,
            consent_anew=consent_anew,
        )
    except (PeerFault, ProviderFault) as fault:
        return await trouble_page(request, system, provider, fault)
    return redirect(request, system, address)


async def trouble_page(
    request: Request, system: Relying, provider: ReliedOn, fault: PeerFault | ProviderFault
) -> Response:
    """What a person sees of a provider's fault: 503 where there is no answer or it is busy, 502 where it is wrong."""
    request.state.reference = system.fresh.id()[-10:].upper()
    kind, wait = _told(fault)
    detail = fault.detail if isinstance(fault, ProviderFault) else ""
    reference = request.state.reference
    log.warning(kind, reference=reference, provider=provider.key, error=str(fault), detail=detail)
    t = texts_of(request, system)
    response = show(
        request,
        system,
        "web/layout/error.html",
        session=await session_of(request, system),
        status=503 if wait else 502,
        kind=kind,
        what_happened=t(f"failure.{kind}.happened", provider=provider.name),
        what_next=[*_later(t, fault), t(f"failure.{kind}.next"), t("failure.provider.another_way")],
        actions=[
            {"label": t("failure.provider.banks"), "href": list_of_ways(system)},
            {"label": t("layout.error.home"), "href": "/"},
        ],
    )
    if wait:
        response.headers["retry-after"] = wait
    return response


def _later(t: Texts, fault: PeerFault | ProviderFault) -> list[str]:
    if not isinstance(fault, ProviderBusy):
        return []
    return [t.plural("failure.limit.minutes", -(-fault.retry_seconds // 60))]


def _told(fault: PeerFault | ProviderFault) -> tuple[str, str]:
    """The key of the texts, and after how many seconds to come back."""
    match fault:
        case ProviderBusy():
            return "provider_busy", str(fault.retry_seconds)
        case PeerUnreachable():
            return "provider_unreachable", RETRY_SECONDS
        case _:
            return "provider_fault", ""

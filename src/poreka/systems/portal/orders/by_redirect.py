"""Signing an order at the trusted profile: there with what is to be signed, and back with the statement.

The way back needs no session: it is bound to the browser that asked, to the question that was put, and to the owner by
the PESEL in the statement. So nothing is lost when the session ran out meanwhile; the page asks to sign in again.
"""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.callback import ProviderSaidNo
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback
from poreka.outgoing.back_channel import PeerFault
from poreka.relying.sign_in.provider_exchange import finish_signing_at
from poreka.relying.sign_in.returned import reason_of, take_question
from poreka.relying.sign_in.set_out import go_to, trouble_page
from poreka.store.sessions import Session
from poreka.systems.portal.orders.mine import load, mine, signature_wanted, signing_provider
from poreka.systems.portal.orders.signed import take
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.forms import query_pairs

log = structlog.get_logger()


async def confirm(request: Request, portal: Portal, session: Session) -> Response:
    """POST /orders/{order}/confirm: on to the trusted profile."""
    await read_form(request, portal)
    found, provider = await mine(request, portal, session), signing_provider(portal)
    if not found.waiting or provider is None:
        return redirect(request, portal, found.page)
    return await go_to(request, portal, provider, target=found.page, signature=signature_wanted(found.owned))


async def come_back(request: Request, portal: Portal) -> Response:
    """GET /orders/return/{provider}."""
    provider = signing_provider(portal, request.path_params["provider"])
    if provider is None:
        raise PageNotFound
    pairs = query_pairs(request)
    pending = await take_question(request, portal, provider, pairs)
    owned = await load(portal, (pending.target or "").rpartition("/")[2])
    if pending.signature is None or owned is None:
        raise StalePage("sign_in_stale")
    try:
        outcome = await finish_signing_at(portal, provider, pending, pairs)
    except StrayCallback as stray:
        raise StalePage("sign_in_stale") from stray
    except (PeerFault, ProviderFault) as fault:
        return await trouble_page(request, portal, provider, fault)
    if isinstance(outcome, ProviderSaidNo):
        reason = reason_of(outcome)
        log.info("order not signed", provider=provider.key, reason=reason)
        note = reason if reason in ("cancelled", "refused", "aborted", "expired") else "denied"
    else:
        note = (await take(portal, owned, outcome)).value
    return redirect(request, portal, with_query(f"/orders/{owned.id}", {"note": note}))

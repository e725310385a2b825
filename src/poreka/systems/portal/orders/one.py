"""One order: its document, what can be done, and what was signed to keep.

GET  /orders/{order}, …/document, …/statement; POST …/reject
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.backchannel_authentication import KnownSubject
from poreka.oidc.trusted_signature import readable_hash
from poreka.relying.relied_on import ReliedOn
from poreka.rules.shown_date import people_time, shown_day
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.database import Stale
from poreka.store.sessions import Session
from poreka.systems.portal.order_events import OrderRejected
from poreka.systems.portal.orders.mine import Mine, is_trusted, mine, signature_wanted, signing_provider
from poreka.systems.portal.orders.signed import Taken
from poreka.systems.portal.rules.order import HasEnded, reject
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import language_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show

NOTES = ("cancelled", "refused", "aborted", "expired", "denied", *(one.value for one in Taken))
"""What the page may say of what was just tried, by the last part of a text's key."""


async def show_order(request: Request, portal: Portal, session: Session) -> Response:
    """GET /orders/{order}; `?note=` says how a signature came to nothing."""
    found, language = await mine(request, portal, session), language_of(request, portal)
    owned, provider = found.owned, signing_provider(portal)
    note = request.query_params.get("note", "")
    in_app = provider is not None and await subject_of(portal, found, provider) is not None
    return show(
        request,
        portal,
        "systems/portal/orders/order.html",
        session=session,
        order=owned.id,
        summary=owned.document.summary,
        document=owned.document.content.decode(),
        document_name=owned.document.name,
        hash=readable_hash(signature_wanted(owned).document_hash),
        state=owned.order.state.value,
        made_at=people_time(owned.order.made_at, language),
        until=shown_day(warsaw_day(owned.order.lapses_at), language, short=True),
        ended_at=people_time(owned.order.ended_at, language) if owned.order.ended_at else "",
        signs=provider.name if provider and is_trusted(found.profile) else "",
        in_app=in_app,
        note=note if note in NOTES and (note == Taken.SIGNED.value) is (owned.statement is not None) else "",
    )


async def subject_of(portal: Portal, found: Mine, provider: ReliedOn) -> KnownSubject | None:
    """What the provider calls the owner, if they ever signed in here through it."""
    pairs = await portal.federated_identities.of_person(found.profile.id)
    sub = next((sub for issuer, sub in pairs if issuer == provider.registration.issuer), None)
    return KnownSubject(sub) if sub else None


async def reject_order(request: Request, portal: Portal, session: Session) -> Response:
    """POST /orders/{order}/reject."""
    await read_form(request, portal)
    found = await mine(request, portal, session)
    after = reject(found.owned.order, portal.clock())
    if not isinstance(after, HasEnded):
        try:
            async with portal.audit.transaction() as (transaction, record):
                await portal.orders.end(transaction, found.owned.id, after)
                await record(OrderRejected(person_id=found.profile.id, order_id=found.owned.id))
        except Stale:
            pass  # another tab was quicker: the page shows what became of it
    return redirect(request, portal, found.page)


async def download_document(request: Request, portal: Portal, session: Session) -> Response:
    """GET /orders/{order}/document: byte for byte what is signed."""
    document = (await mine(request, portal, session)).owned.document
    return _file(document.content, document.name, "text/plain; charset=utf-8")


async def download_statement(request: Request, portal: Portal, session: Session) -> Response:
    """GET /orders/{order}/statement: what anyone verifies the signature by."""
    owned = (await mine(request, portal, session)).owned
    if owned.statement is None:
        raise PageNotFound
    return _file(owned.statement.encode() + b"\n", f"podpis-{owned.number}.jwt", "application/jwt")


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(content, headers={"content-disposition": f'attachment; filename="{name}"', "content-type": kind})

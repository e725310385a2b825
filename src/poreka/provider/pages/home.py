"""GET / and the pages between it and the services and consents: what the bank knows and could vouch for.

No money is made up: an account's panel says what the customer is to it and what that means for signing
in elsewhere. `?ended=` says how a release that began here came to its end (P2).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.pages.frame import FINANCES, HOME, SETTINGS, services_under_finances, show_inside
from poreka.provider.rules.eligibility import Reason
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.failures import PageNotFound
from poreka.web.texts import Texts

_ENDS = ("cancelled", "refused", "aborted", "expired", "unmet")


async def show_home(request: Request, bank: Bank, session: Session) -> Response:
    """GET /."""
    customer = await _customer(bank, session)
    consents = [one for one in await bank.consents.all_of(customer.id) if one.consent.withdrawn_at is None]
    ended = request.query_params.get("ended", "")
    return await show_inside(
        request,
        bank,
        session,
        "provider/pages/home.html",
        first_name=customer.first_name,
        rows=_account(bank, customer, texts_of(request, bank)),
        consents_in_force=len(consents),
        ended=ended if ended in _ENDS else None,
    )


async def show_finances(request: Request, bank: Bank, session: Session) -> Response:
    """GET /finances: the account, and the way to products and services where it leads through here."""
    texts, below = texts_of(request, bank), ("/finances/products",) if services_under_finances(bank) else ()
    rows, lead = _account(bank, await _customer(bank, session), texts), texts("bank.finances.lead")
    lead = lead if below else texts("bank.finances.lead.account")
    return await _page(request, bank, session, "finances", HOME, below, rows=rows, lead=lead)


async def show_products(request: Request, bank: Bank, session: Session) -> Response:
    """GET /finances/products."""
    if not services_under_finances(bank):
        raise PageNotFound
    return await _page(request, bank, session, "products", FINANCES, ("/finances/services",))


async def show_settings(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings."""
    return await _page(request, bank, session, "settings", HOME, ("/settings/security",))


async def show_security(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security."""
    keys = ("/settings/security/passkeys",) if bank.passkeys is not None else ()
    below = (
        "/settings/security/consents",
        "/settings/security/tools",
        *keys,
        "/settings/security/sessions",
        "/safety",
    )
    return await _page(request, bank, session, "security", SETTINGS, below)


async def _page(
    request: Request,
    bank: Bank,
    session: Session,
    name: str,
    way: tuple[tuple[str, str], ...],
    below: tuple[str, ...],
    **data: Any,
) -> Response:
    """A page that leads on: its tiles are named after the last part of their addresses."""
    texts = texts_of(request, bank)
    tiles = [
        {"href": href, "label": texts(f"bank.nav.{key}"), "text": texts(f"bank.tile.{key}")}
        for href in below
        for key in (href.rsplit("/", 1)[-1],)
    ]
    template = "provider/pages/overview.html"
    page = {
        "heading": texts(f"bank.nav.{name}"),
        "lead": texts(f"bank.{name}.lead"),
        "tiles": tiles,
        "rows": [],
    }
    return await show_inside(request, bank, session, template, way=way, **{**page, **data})


async def _customer(bank: Bank, session: Session) -> Customer:
    customer = await bank.customers.by_id(session.person_id)
    if customer is None:
        raise PageNotFound
    return customer


def _account(bank: Bank, customer: Customer, texts: Texts) -> list[dict[str, str]]:
    """What the bank has on record, as far as it matters for signing in elsewhere; no number in full."""
    checked = set(bank.settings.vouching.eligibility)
    phone = texts("bank.account.phone_ends", end=customer.phone[-3:]) if customer.phone else texts("bank.account.none")
    sms = "active" if customer.sms_active and customer.phone else "inactive"
    role = {
        "key": texts("bank.account.role"),
        "value": texts(f"bank.account.role.{customer.account_role.value}"),
    }
    return [
        *([role] if checked & {Reason.NO_CURRENT_ACCOUNT, Reason.NOT_OWNER} else []),
        {
            "key": texts("bank.account.identity"),
            "value": texts(f"bank.account.identity.{'verified' if customer.identity_verified else 'unverified'}"),
        },
        {"key": texts("bank.account.phone"), "value": phone},
        {"key": texts("bank.account.sms"), "value": texts(f"bank.account.sms.{sms}")},
    ]

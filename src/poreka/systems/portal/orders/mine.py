"""Somebody's own order, as it stands now, and the provider with which orders are signed.

Another's order is not found, as if there were none. Only a profile that somebody vouched for has orders: the signature
is compared with its PESEL.
"""

from dataclasses import dataclass, replace

import msgspec
from starlette.requests import Request

from poreka.oidc.trusted_signature import SignatureRequest, document_hash
from poreka.relying.relied_on import ReliedOn
from poreka.store.sessions import Session
from poreka.systems.portal.rules.order import OrderState, as_of
from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.orders import OwnedOrder
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.failures import PageNotFound

RETURN = "/orders/return"


@dataclass(frozen=True, slots=True)
class Mine:
    """An order and its owner."""

    owned: OwnedOrder
    profile: Profile

    @property
    def waiting(self) -> bool:
        """Whether it can still be signed or rejected."""
        return self.owned.order.state is OrderState.WAITING

    @property
    def page(self) -> str:
        """Its page."""
        return f"/orders/{self.owned.id}"


async def mine(request: Request, portal: Portal, session: Session) -> Mine:
    """The order that the address names; raises `PageNotFound`."""
    owned = await load(portal, request.path_params["order"])
    profile = await portal.profiles.by_id(session.person_id)
    if owned is None or profile is None or owned.profile_id != profile.id:
        raise PageNotFound
    return Mine(owned, profile)


async def load(portal: Portal, order_id: str) -> OwnedOrder | None:
    """An order as it stands now, whosever it is."""
    owned = await portal.orders.load(order_id)
    return replace(owned, order=as_of(owned.order, portal.clock())) if owned else None


def is_trusted(profile: Profile | None) -> bool:
    """Whether anyone vouched for a profile."""
    return profile is not None and profile.profile.state is ProfileState.TRUSTED


def signature_wanted(owned: OwnedOrder) -> SignatureRequest:
    """What is to be signed, made from the document as it lies there."""
    document = owned.document
    return SignatureRequest(
        summary=document.summary, document_name=document.name, document_hash=document_hash(document.content)
    )


def signing_provider(portal: Portal, key: str | None = None) -> ReliedOn | None:
    """The provider that signs, with the address to come back to from a signature; None where there is none open."""
    for one in portal.relied_on.values():
        if one.kind == "trusted_profile" and one.open and key in (None, one.key):
            back = f"{portal.origin}{RETURN}/{one.key}"
            return replace(one, registration=msgspec.structs.replace(one.registration, redirect_uri=back))
    return None

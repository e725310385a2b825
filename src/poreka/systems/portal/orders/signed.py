"""A statement of a signature has come for an order: whose it is, and what it makes true.

By now its signature, issuer, audience, document and summary were checked (`oidc/relying_party/signature.py`), against
the order as it lies there. Here it must be the owner's own: the PESEL is the profile's. Otherwise nothing is changed.
"""

import enum

from poreka.oidc.relying_party.signature import Signature
from poreka.oidc.trusted_signature import is_about
from poreka.store.database import AlreadyThere, Stale
from poreka.systems.portal.order_events import OrderAuthorised, SignatureRefused
from poreka.systems.portal.orders.mine import signature_wanted
from poreka.systems.portal.rules.order import HasEnded, authorise
from poreka.systems.portal.store.orders import OwnedOrder
from poreka.systems.portal.system import Portal


class Taken(enum.Enum):
    """What became of a statement; the names are parts of text keys."""

    SIGNED = "signed"
    OTHER_PERSON = "other_person"
    OTHER_DOCUMENT = "other_document"
    ENDED = "ended"


async def take(portal: Portal, owned: OwnedOrder, signature: Signature) -> Taken:
    """Put the statement on record with its order, once."""
    statement, profile = signature.statement, await portal.profiles.by_id(owned.profile_id)
    if not is_about(statement, signature_wanted(owned)):
        return Taken.OTHER_DOCUMENT
    if profile is None or statement.person.pesel != profile.profile.facts.pesel.digits:
        await _refused(portal, owned, "other_person")
        return Taken.OTHER_PERSON
    after = authorise(owned.order, portal.clock())
    if isinstance(after, HasEnded):
        await _refused(portal, owned, "ended")
        return Taken.ENDED
    try:
        async with portal.audit.transaction() as (transaction, record):
            await portal.orders.sign(transaction, owned.id, after, signature.token, statement.jti)
            await record(
                OrderAuthorised(
                    person_id=owned.profile_id, order_id=owned.id, statement_id=statement.jti, issuer=statement.iss
                )
            )
    except (Stale, AlreadyThere):
        return Taken.ENDED
    return Taken.SIGNED


async def _refused(portal: Portal, owned: OwnedOrder, reason: str) -> None:
    event = SignatureRefused(person_id=owned.profile_id, order_id=owned.id, reason=reason)
    await portal.audit.save(event=event)

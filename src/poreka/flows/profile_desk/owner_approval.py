"""The owner's own word for what a clerk proposes, given in the app and brought by the desk (OpenID CIBA Core 1.0).

The desk asked as the relying party that it is registered as; here it is checked that the answer is ours, of this very
owner, and fresh, and it is used up with the proposal. It is worth a note in the record, not an eye of the four.
"""

from poreka.oidc.errors import AnsweredAsJson, TokenRefused
from poreka.oidc.provider.owner_approval import APPROVAL_LIFE, check_approval
from poreka.oidc.provider.subject import pairwise_subject
from poreka.store.database import Insert
from poreka.store.trusted_profiles import OwnedProfile
from poreka.store.used_once import claiming
from poreka.web.systems import DeskKnown, TrustedProfileSystem


async def owner_approval(
    pz: TrustedProfileSystem, desk: DeskKnown, owned: OwnedProfile, token: str
) -> tuple[Insert, ...]:
    """The row that uses the approval up, none where none was brought; raises `AnsweredAsJson` for one that is none."""
    if not token:
        return ()
    client, now = await pz.clients.by_id(desk.client_id), pz.clock()
    if client is None:
        raise AnsweredAsJson("invalid_request", "This desk asks nobody in the app.", status=400)
    subject = pairwise_subject(client.sector, owned.id, pz.keys.subjects)
    keys, issuer = pz.key_ring.published, pz.origin
    try:
        asked = check_approval(token, keys, issuer=issuer, client_id=client.client_id, subject=subject, now=now)
    except TokenRefused as fault:
        detail = fault.description
        raise AnsweredAsJson("invalid_request", "The approval is none.", status=400, detail=detail) from fault
    return (claiming("owner-approval", asked, now + APPROVAL_LIFE),)

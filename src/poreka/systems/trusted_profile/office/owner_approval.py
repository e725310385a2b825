"""The owner's approval of what a clerk proposes, given in the app and brought by the desk (OpenID CIBA Core 1.0).

The desk asked the owner as a relying party. `owner_approval` checks that the ID Token it brings is ours, about this
owner, and fresh, and that the app showed exactly `asked_words` with this case's number: the answer to any other
question of a desk is no approval. The row it returns uses the approval up with the proposal. An approval is noted in
the record; a second clerk still has to decide.
"""

from poreka.contracts.desk import Proposing
from poreka.oidc.errors import AnsweredAsJson, TokenRefused
from poreka.oidc.provider.owner_approval import APPROVAL_LIFE, check_approval
from poreka.oidc.provider.subject import pairwise_subject
from poreka.store.database import Insert
from poreka.store.used_once import claiming
from poreka.systems.trusted_profile.desk_known import DeskKnown
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.texts import DEFAULT_LANGUAGE


async def owner_approval(
    pz: TrustedProfileSystem, desk: DeskKnown, owned: OwnedProfile, told: Proposing
) -> tuple[Insert, ...]:
    """The row that uses the approval up, none where none was brought; raises `AnsweredAsJson` for one that is none."""
    if not told.approval:
        return ()
    client, now = await pz.clients.by_id(desk.client_id), pz.clock()
    if client is None:
        raise AnsweredAsJson("invalid_request", "This desk asks nobody in the app.", status=400)
    subject = pairwise_subject(client.sector, owned.id, pz.keys.subjects)
    keys, issuer = pz.key_ring.published, pz.origin
    try:
        asked = check_approval(told.approval, keys, issuer=issuer, client_id=client.client_id, subject=subject, now=now)
    except TokenRefused as fault:
        detail = fault.description
        raise AnsweredAsJson("invalid_request", "The approval is none.", status=400, detail=detail) from fault
    question = await pz.backchannel.requests.load(asked, client.client_id)
    if question is None or question.asked.message != asked_words(pz, told.reference):
        raise AnsweredAsJson("invalid_request", "The owner approved something else.", status=400)
    return (claiming("owner-approval", asked, now + APPROVAL_LIFE),)


def asked_words(pz: TrustedProfileSystem, case: str) -> str:
    """What an owner reads in the app who is asked about an invalidation; desks ask in exactly these words."""
    return pz.texts[DEFAULT_LANGUAGE]("desk.ask.message", number=case)

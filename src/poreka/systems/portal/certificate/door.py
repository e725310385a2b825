"""The door for people with a qualified certificate: from what the proxy tells to the person, or a reason why not.

In this order: a certificate came through the proxy; a trusted authority issued it, for this, and it is valid and
qualified; that authority has not revoked it; it names one person with a PESEL. Nothing is fetched for a
certificate whose chain is not good, because a stranger could have written the addresses in it.
"""

from dataclasses import dataclass

from cryptography.x509 import Certificate
from starlette.requests import Request

from poreka.oidc.relying_party.discreet import Discreet
from poreka.systems.portal.certificate.revocation_lists import RevocationLists
from poreka.systems.portal.rules.certificate_person import PersonFault, person_of
from poreka.systems.portal.rules.entry_record import ByCertificate
from poreka.systems.portal.rules.qualified_certificate import CertificateFault, check_certificate, subject_of
from poreka.systems.portal.rules.revocation_list import Revocation
from poreka.web.door.peer_certificate import TlsProxy
from poreka.web.forms import BadForm

MISSING, UNREADABLE, REVOKED, NOT_CHECKED = "missing", "unreadable", "revoked", "not_checked"
REASONS = (
    MISSING,
    UNREADABLE,
    *(fault.value for fault in CertificateFault),
    REVOKED,
    NOT_CHECKED,
    *(fault.value for fault in PersonFault),
)
"""Every reason why somebody is turned down here: last parts of text keys."""


class TurnedDown(Discreet, frozen=True, kw_only=True, tag="turned_down"):
    """No certificate to sign in with; `reason` is one of `REASONS`."""

    reason: str


@dataclass(frozen=True, slots=True)
class CertificateDoor:
    """What the door is made of."""

    proxy: TlsProxy
    authorities: tuple[Certificate, ...]
    lists: RevocationLists

    async def judge(self, request: Request, now: int) -> ByCertificate | TurnedDown:
        """Who holds the certificate of this call."""
        try:
            shown = self.proxy.shown(request)
        except BadForm:
            return TurnedDown(reason=UNREADABLE)
        if shown is None:
            return TurnedDown(reason=MISSING)
        chain = check_certificate(shown.certificate, shown.sent_along, self.authorities, now)
        if isinstance(chain, CertificateFault):
            return TurnedDown(reason=chain.value)
        standing = await self.lists.standing(chain, now)
        if standing is not Revocation.GOOD:
            return TurnedDown(reason=REVOKED if standing is Revocation.REVOKED else NOT_CHECKED)
        facts = person_of(subject_of(shown.certificate))
        if isinstance(facts, PersonFault):
            return TurnedDown(reason=facts.value)
        authority = shown.certificate.issuer.rfc4514_string()
        return ByCertificate(facts=facts, thumbprint=shown.thumbprint.hex(), authority=authority[:200], auth_time=now)

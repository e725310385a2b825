"""What a portal is made of besides what every relying system has: profiles of its own, and the insurance register.

Built in `wiring/portal.py`.
"""

from dataclasses import dataclass

from poreka.portal_settings import PortalSettings
from poreka.store.certificate_hand_overs import CertificateHandOvers
from poreka.store.insured import InsuranceRegister
from poreka.store.kept_forms import KeptForms
from poreka.store.orders import Orders
from poreka.store.profile_count import ProfileCount
from poreka.store.profiles import Profiles
from poreka.store.questions import Questions
from poreka.store.terms_acceptances import TermsAcceptances
from poreka.web.certificate_door import CertificateDoor
from poreka.web.relying_system import Relying


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal(Relying):
    """A portal with profiles of its own, and the register it compares people with."""

    settings: PortalSettings
    profiles: Profiles
    profile_count: ProfileCount
    terms_acceptances: TermsAcceptances
    kept_forms: KeptForms
    questions: Questions
    orders: Orders
    register: InsuranceRegister
    certificates: CertificateDoor | None
    hand_overs: CertificateHandOvers

    async def addresses_of(self, person_id: str) -> list[tuple[str, str]]:
        """The e-mail address of the profile."""
        profile = await self.profiles.by_id(person_id)
        return [("email", profile.email)] if profile else []

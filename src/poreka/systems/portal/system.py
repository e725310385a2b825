"""What a portal is made of besides what every relying system has: profiles of its own, and the insurance register.

Built in `build.py`.
"""

from dataclasses import dataclass

from poreka.relying.system import Relying
from poreka.rules.people.pesel import Pesel
from poreka.systems.portal.certificate.door import CertificateDoor
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.portal.store.certificate_hand_overs import CertificateHandOvers
from poreka.systems.portal.store.insured import InsuranceRegister
from poreka.systems.portal.store.kept_forms import KeptForms
from poreka.systems.portal.store.orders import Orders
from poreka.systems.portal.store.profile_count import ProfileCount
from poreka.systems.portal.store.profiles import Profiles
from poreka.systems.portal.store.questions import Questions
from poreka.systems.portal.store.terms_acceptances import TermsAcceptances


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

    async def person_named(self, name: str) -> str | None:
        """By the login of the profile."""
        profile = await self.profiles.by_login(name)
        return profile.id if profile else None

    async def person_of_pesel(self, pesel: Pesel) -> str | None:
        """By the PESEL of the profile."""
        profile = await self.profiles.by_pesel(pesel)
        return profile.id if profile else None

    async def addresses_of(self, person_id: str) -> list[tuple[str, str]]:
        """The e-mail address of the profile."""
        profile = await self.profiles.by_id(person_id)
        return [("email", profile.email)] if profile else []

"""What the trusted profile is made of: a provider with profiles, and in its other role a relying party of the banks.

Built in `build.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from poreka.audit.record import Recorder
from poreka.provider.backchannel import Backchannel
from poreka.provider.system import Bank, Provider
from poreka.relying.system import Relying
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Transaction
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.desk_known import DeskKnown
from poreka.systems.trusted_profile.phones.registry_over_http import PhoneRegistry
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.systems.trusted_profile.store.profile_applications import ProfileApplications
from poreka.systems.trusted_profile.store.profile_proposals import ProfileProposals
from poreka.systems.trusted_profile.store.trusted_profiles import TrustedProfiles


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedProfileSystem(Bank):
    """The trusted profile: a provider whose people have profiles instead of accounts, made through other providers."""

    settings: TrustedProfileSettings
    profiles: TrustedProfiles
    applications: ProfileApplications
    proposals: ProfileProposals
    desks: tuple[DeskKnown, ...]
    relying: Relying  # this same system in its other role: what it is as a relying party of the banks
    backchannel: Backchannel
    phones: PhoneRegistry | None = None  # of the app in which owners approve; None where there is none

    def provider_names(self) -> Mapping[str, str] | None:
        """Of the banks through which owners sign in."""
        return self.relying.provider_names()

    async def person_named(self, name: str) -> str | None:
        """The owner of the profile that vouches, by user name or e-mail."""
        owned = await self.profiles.named(name)
        return owned.id if owned else None

    async def person_of_pesel(self, pesel: Pesel) -> str | None:
        """The owner of the newest profile or application, ended or not."""
        owned = await self.profiles.last_of(pesel)
        return owned.id if owned else None

    async def end_session(self, transaction: Transaction, record: Recorder, session: Session, *, by: str) -> None:
        """End a session as a provider does, and its link to another provider's."""
        await self.relying.federated_sessions.remove(transaction, session.sid)
        await Provider.end_session(self, transaction, record, session, by=by)

    async def end_parked(self, transaction: Transaction, person_id: str) -> None:
        """End a way in for which a bank has vouched."""
        await self.relying.end_parked(transaction, person_id)

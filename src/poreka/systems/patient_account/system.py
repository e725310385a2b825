"""What the patient account is made of besides what every relying system has: accounts, and the records they show.

Built in `build.py`.
"""

from dataclasses import dataclass, field

from poreka.relying.system import Relying
from poreka.rules.people.pesel import Pesel
from poreka.systems.patient_account.app_over_http import DevicesOverHttp
from poreka.systems.patient_account.settings import PatientAccountSettings
from poreka.systems.patient_account.store.health_records import HealthRecords
from poreka.systems.patient_account.store.patient_accounts import PatientAccounts


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientAccountSystem(Relying):
    """The patient account: an account for anyone whom a provider vouches for, and the records it shows."""

    settings: PatientAccountSettings
    accounts: PatientAccounts
    health: HealthRecords
    app_token: str = field(default="", repr=False)  # by which the phone app's back end is known
    app_devices: DevicesOverHttp | None = None  # how that is asked about bound devices

    async def person_of_pesel(self, pesel: Pesel) -> str | None:
        """By the PESEL of the account."""
        account = await self.accounts.by_pesel(pesel)
        return account.id if account else None

"""What the patient account is made of besides what every relying system has: accounts, and the records they show.

Built in `wiring/patient_account.py`.
"""

from dataclasses import dataclass, field

from poreka.patient_account_settings import PatientAccountSettings
from poreka.store.health_records import HealthRecords
from poreka.store.patient_accounts import PatientAccounts
from poreka.web.account_app_over_http import DevicesOverHttp
from poreka.web.relying_system import Relying


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientAccountSystem(Relying):
    """The patient account: an account for anyone whom a provider vouches for, and the records it shows."""

    settings: PatientAccountSettings
    accounts: PatientAccounts
    health: HealthRecords
    app_token: str = field(default="", repr=False)  # by which the phone app's back end is known
    app_devices: DevicesOverHttp | None = None  # how that is asked about bound devices

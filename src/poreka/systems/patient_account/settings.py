"""The patient account's settings file: the table `[patient_account]` beside what all have.

What is built of it: `build.py`.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from poreka.relying.settings import ProviderChoice
from poreka.web.settings.every_kind import CommonSettings, Table, is_origin, near_hosts
from poreka.web.settings.kind import RELYING_PARTIES_SIGN, Kind

KIND = Kind(
    name="patient_account",
    parts=("shared", "relying", "patient_account"),
    algorithms=RELYING_PARTIES_SIGN,
    build="poreka.systems.patient_account.build:build_patient_account",
    events=("poreka.systems.patient_account.events",),
    demo=("ikp",),
)


class PatientAccountTable(Table, frozen=True, kw_only=True):
    """The patient account: entered through the providers it relies on, at the level substantial."""

    providers: tuple[ProviderChoice, ...] = ()
    app: str = ""  # origin of its phone app's back end: docs/patient-account.openapi.yaml; empty where there is none
    app_token_file: str = ""  # one line, at least 32 characters: the app's back end proves itself with it
    app_secret_file: str = ""  # one line, at least 32 characters: with it the app's back end is asked about devices
    seconds: Annotated[float, msgspec.Meta(gt=0, le=30)] = 3.0  # for one answer of the app's back end

    def __post_init__(self) -> None:
        if bool(self.app) != bool(self.app_token_file and self.app_secret_file):
            raise ValueError("patient_account.app: goes together with app_token_file and app_secret_file")


class PatientAccountSettings(CommonSettings, frozen=True, kw_only=True):
    """The patient account's settings file."""

    KIND: ClassVar[Kind] = KIND

    patient_account: PatientAccountTable

    def faults(self) -> Iterator[str]:
        """What the types cannot say, as `key: what is wrong`."""
        yield from super().faults()
        own = self.patient_account
        if own.app and not is_origin(own.app, near_hosts(self)):
            yield "patient_account.app: must be https://host[:port] and nothing more"

    def secret_files(self) -> Iterator[tuple[str, str]]:
        """The files with secrets that another system shares, as key and file."""
        yield from super().secret_files()
        if self.patient_account.app:
            yield "patient_account.app_token_file", self.patient_account.app_token_file
            yield "patient_account.app_secret_file", self.patient_account.app_secret_file

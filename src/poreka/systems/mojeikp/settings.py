"""The settings file of the patient account's phone app: the table `[mojeikp]` beside what all have.

What is built of it: `build.py`.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec

from poreka.relying.settings import ProviderChoice
from poreka.web.settings.every_kind import CommonSettings, Table, is_origin, near_hosts
from poreka.web.settings.kind import RELYING_PARTIES_SIGN, Kind

KIND = Kind(
    name="mojeikp",
    parts=("shared", "relying", "mojeikp"),
    algorithms=RELYING_PARTIES_SIGN,
    build="poreka.systems.mojeikp.build:build_mojeikp",
    events=("poreka.systems.mojeikp.events",),
    demo=("mojeikp",),
)


class MojeikpTable(Table, frozen=True, kw_only=True):
    """The patient account's phone app: people sign in through a provider once, and bind their device."""

    account: str  # origin of the patient account: docs/patient-account.openapi.yaml
    token_file: str  # what `patient_account.app_token_file` holds there
    secret_file: str  # what `patient_account.app_secret_file` holds there
    providers: tuple[ProviderChoice, ...] = ()
    unused_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = (
        90  # a device that is not used for so long is bound no more
    )
    seconds: Annotated[float, msgspec.Meta(gt=0, le=30)] = 3.0  # for one answer of the patient account


class MojeikpSettings(CommonSettings, frozen=True, kw_only=True):
    """The settings file of the patient account's phone app."""

    KIND: ClassVar[Kind] = KIND

    mojeikp: MojeikpTable

    def faults(self) -> Iterator[str]:
        """What the types cannot say, as `key: what is wrong`."""
        yield from super().faults()
        if not is_origin(self.mojeikp.account, near_hosts(self)):
            yield "mojeikp.account: must be https://host[:port] and nothing more"

    def secret_files(self) -> Iterator[tuple[str, str]]:
        """The files with secrets that another system shares, as key and file."""
        yield from super().secret_files()
        yield "mojeikp.token_file", self.mojeikp.token_file
        yield "mojeikp.secret_file", self.mojeikp.secret_file

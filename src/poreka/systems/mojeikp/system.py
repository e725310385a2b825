"""What the patient account's phone app is made of besides what every relying system has: the devices bound to accounts.

Built in `build.py`.
"""

from dataclasses import dataclass, field

from poreka.relying.system import Relying
from poreka.systems.mojeikp.account_over_http import AccountOverHttp
from poreka.systems.mojeikp.settings import MojeikpSettings
from poreka.systems.mojeikp.store.bindings import Bindings


@dataclass(frozen=True, slots=True, kw_only=True)
class Mojeikp(Relying):
    """The patient account's phone app: devices that people bound to their accounts, which are kept elsewhere."""

    settings: MojeikpSettings
    bindings: Bindings
    account: AccountOverHttp
    devices_secret: str = field(repr=False)  # by which the patient account is known when it asks about devices

    async def person_named(self, name: str) -> str | None:
        """The account's id, which the patient account uses too; whether there is one, only that knows."""
        return name

"""A bank's settings file: the table `[bank]` beside what all have, its customers, and who knows of new SIM cards.

The table says how the bank vouches; where its customers are and who knows of new SIM cards is said beside it.
"""

from collections.abc import Iterator
from typing import ClassVar

from poreka.provider.rules.eligibility import Reason
from poreka.provider.settings.consents import consent_faults
from poreka.provider.settings.customers import customers_faults
from poreka.provider.settings.sim_swap import sim_swap_faults
from poreka.provider.settings.vouching import Vouching, VouchingSettings
from poreka.web.settings.every_kind import is_loopback
from poreka.web.settings.kind import PROVIDERS_SIGN, Kind

KIND = Kind(
    name="bank",
    parts=("shared", "provider", "bank", "passkeys"),
    algorithms=PROVIDERS_SIGN,
    vouches=True,
    customers_tools=True,
    sends=("sms",),
    build="poreka.systems.bank.build:build_bank",
    demo=("millenet", "inteligo", "ipko", "bos", "envelo"),
)


class BankSettings(VouchingSettings, frozen=True, kw_only=True):
    """A bank's settings file."""

    KIND: ClassVar[Kind] = KIND

    bank: Vouching

    @property
    def vouching(self) -> Vouching:
        """What the table `[bank]` says."""
        return self.bank

    @property
    def has_passkeys(self) -> bool:
        """As its table says."""
        return self.bank.passkeys

    def faults(self) -> Iterator[str]:
        """What the types cannot say, as `key: what is wrong`."""
        bank, customers, sim_swap, demo = self.bank, self.customers, self.sim_swap, self.system.demo
        yield from consent_faults(bank.consent_texts, bank.consent_text_version, "bank.consent_texts")
        yield from super().faults()
        if not demo and "card" in bank.tools and self.letters.sender == "demo_phone":
            yield "letters.sender: demo_phone is a fake; outside the demonstration code cards need a folder"
        if not demo and "push" in bank.tools and self.push.sender == "demo_phone":
            yield "push.sender: demo_phone is a fake; outside the demonstration the app needs http"
        near = demo and is_loopback(customers.url)
        yield from customers_faults(customers, masked=bank.sign_in == "masked", checked=bank.eligibility, local=near)
        near, checked = demo and is_loopback(sim_swap.url) and is_loopback(sim_swap.token_url), bank.eligibility
        asked, days = Reason.SIM_REPLACED in checked, bank.sim_pause_days
        yield from sim_swap_faults(sim_swap, days=days, checked=asked, demo=demo, local=near)

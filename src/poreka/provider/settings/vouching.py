"""How a provider vouches: the table `[bank]`, and what the trusted profile and the phone app say in its place.

The engine of every provider reads `VouchingSettings`; which tables a file has is said by its kind.
"""

from typing import Annotated, Literal

import msgspec

from poreka.provider.rules.eligibility import Reason
from poreka.provider.settings.consents import ConsentWords
from poreka.provider.settings.customers import Customers
from poreka.provider.settings.sim_swap import SimSwap
from poreka.web.settings.contact import HelpLinks, Telephone
from poreka.web.settings.every_kind import CommonSettings, Table, Words


class Vouching(Table, frozen=True, kw_only=True):
    """What differs from one identity provider to another (P11)."""

    sign_in: Literal["masked", "password"]
    number_name: Words
    hotlines: tuple[Telephone, ...] = ()
    links: HelpLinks = HelpLinks()
    eligibility: tuple[Reason, ...]
    sim_pause_days: int = 3
    services_in: Literal["menu", "finances"] = "menu"  # an entry of the menu, or under finances and products
    tools: tuple[Literal["sms", "card", "push"], ...] = ("sms",)  # what customers may authorise with
    keeps: Literal["accounts", "letters", "profile", "phones"] = "accounts"  # what is never passed on, as pages say
    tool_wait_hours: Annotated[int, msgspec.Meta(ge=0)] = 24  # for a tool added without another one's say
    passkeys: bool = True  # customers may sign in with passkeys besides
    address: str = ""  # the operator's postal address, for consent receipts
    consent_text_version: str = "2026-01"
    consent_texts: tuple[ConsentWords, ...] = ()
    trust_framework: str = "pl_poreka"


class VouchingSettings(CommonSettings, frozen=True, kw_only=True):
    """The settings of a system that vouches."""

    customers: Customers = Customers()
    sim_swap: SimSwap = SimSwap()

    @property
    def vouching(self) -> Vouching:
        """How it vouches."""
        raise NotImplementedError

    @property
    def key_only(self) -> bool:
        """Whether people sign in with the key in their phone, and with nothing they know."""
        return False

    @property
    def second_factor(self) -> bool:
        """Whether every sign-in takes two factors."""
        return False

    @property
    def sign_in(self) -> str:
        """How its people prove who they are."""
        return self.vouching.sign_in

    @property
    def tools(self) -> tuple[str, ...]:
        """What its people may authorise with."""
        return self.vouching.tools

    @property
    def hotlines(self) -> tuple[Telephone, ...]:
        """The numbers at which it answers its people."""
        return self.vouching.hotlines

    @property
    def address(self) -> str:
        """Its postal address."""
        return self.vouching.address

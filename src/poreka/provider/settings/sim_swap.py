"""The table `[sim_swap]` of a bank's settings: who is asked about new SIM cards before a code goes by SMS (P10).

For how many days a new card stops codes is `bank.sim_pause_days`, whoever says that it is new. `poreka/settings.py`
reads the file; what is built of it: `provider/authorising/open_sim_swap.py`.
"""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import msgspec

LONGEST_SECONDS = 10
LONGEST_DAYS = 100  # the API asks about 2400 hours at most


class SimSwap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is asked; `none`: only what the bank itself has on record counts. `demo_table` is the demonstration's."""

    source: Literal["none", "http", "demo_table"] = "none"
    if_unknown: Literal["refuse", "allow"] = "refuse"
    """When the operator does not tell: send no code by SMS, or send it and note in the audit log that nobody told."""
    seconds: int = 3  # how long the whole question may take, with a second try
    url: str = ""  # http: where the operator's API is, with its version: https://api.operator.example/sim-swap/v2
    question: Literal["check", "retrieve-date"] = "check"  # what the operator offers; check tells us less
    token_url: str = ""  # http: the operator's token endpoint
    client_id: str = ""  # http: who we are there
    client_secret_file: str = ""  # http: one line, readable by its owner only
    client_key_file: str = ""  # http: instead of a secret a private key as JWK, readable by its owner only
    scope: str = "dpv:FraudPreventionAndDetection sim-swap"  # http: the purpose, and what is asked for

    def __post_init__(self) -> None:
        if self.source != "none" and not 0 < self.seconds <= LONGEST_SECONDS:
            raise ValueError("sim_swap.seconds: must be a number from 1 to 10")
        if self.source != "http":
            return
        if not self.client_id:
            raise ValueError("sim_swap.client_id: must be the name under which the operator registered us")
        if bool(self.client_secret_file) == bool(self.client_key_file):
            raise ValueError("sim_swap.client_secret_file: either this or client_key_file must be there")
        if not self.scope:
            raise ValueError("sim_swap.scope: must say what is asked for")


def sim_swap_faults(settings: SimSwap, *, days: int, checked: bool, demo: bool, local: bool) -> Iterator[str]:
    """What the rest of the bank's settings forbids; `local` allows http, for the demonstration."""
    if settings.source == "none":
        return
    if settings.source == "demo_table" and not demo:
        yield "sim_swap.source: demo_table is a fake; outside the demonstration ask an operator over http"
    if not checked:
        yield "sim_swap.source: goes together with sim_replaced in bank.eligibility"
    if not 0 < days <= LONGEST_DAYS:
        yield "bank.sim_pause_days: must be a number from 1 to 100 when an operator is asked"
    if settings.source == "http":
        yield from _address_faults(settings, local=local)


def _address_faults(settings: SimSwap, *, local: bool) -> Iterator[str]:
    for key, url in (("url", settings.url), ("token_url", settings.token_url)):
        parts = urlsplit(url)
        allowed = ("https", "http") if local else ("https",)
        if parts.scheme not in allowed or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            yield f"sim_swap.{key}: must be https://host[:port]/path"

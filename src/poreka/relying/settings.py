"""Whom a system relies on: the tables `[[….providers]]` of the portal, the patient account, its app and the trusted
profile.
"""

from typing import Literal

from poreka.web.settings.every_kind import Table


class ProviderChoice(Table, frozen=True, kw_only=True):
    """A provider that a relying party relies on."""

    key: str
    name: str
    issuer: str
    client_id: str
    profile: Literal["fapi2", "openid"] = "fapi2"
    client_secret: str = ""
    scopes: tuple[str, ...] = ("openid", "identity")
    pesel_claim: str = "pesel"
    verified: bool = True
    open: bool = True
    pings: bool = False  # it tells us when somebody answered in the app: we are registered there for `ping`, not `poll`
    kind: Literal["bank", "trusted_profile"] = "bank"  # where people look for it: in the bank list, or by itself

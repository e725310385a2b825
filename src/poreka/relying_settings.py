"""Tables of systems that rely on providers: `[portal]`, `[patient_account]`, and whom each relies on.

Part of `settings.py`, which reads the file. Read next: `wiring/portal.py`, which builds what is named here.
"""

from typing import Annotated, Literal

import msgspec


class ProviderChoice(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
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
    kind: Literal["bank", "trusted_profile"] = "bank"  # where people look for it: in the bank list, or by itself


class Portal(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A relying portal."""

    terms_version: str
    terms_from: str
    register: str
    providers: tuple[ProviderChoice, ...] = ()
    minimum_acr: str = "http://eidas.europa.eu/LoA/low"
    order_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 30  # an order lapses unless it is signed in that time
    page_levels: dict[str, Literal["low", "substantial", "high"]] = {}  # pages that need a stronger sign-in, by address


class PatientAccount(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The patient account: entered through the providers it relies on, at the level substantial."""

    providers: tuple[ProviderChoice, ...] = ()

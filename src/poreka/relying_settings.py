"""Tables of systems that rely on providers: `[portal]`, `[patient_account]`, `[mojeikp]`, and whom each relies on.

Part of `settings.py`, which reads the file. Read next: `wiring/portal.py`, which builds what is named here.
"""

import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

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
    pings: bool = False  # it tells us when somebody answered in the app: we are registered there for `ping`, not `poll`
    kind: Literal["bank", "trusted_profile"] = "bank"  # where people look for it: in the bank list, or by itself


class TermsChange(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a version of the regulations changed, in short sentences: whoever accepted an earlier one reads it first."""

    version: str
    pl: tuple[str, ...]
    en: tuple[str, ...]

    def of(self, language: str) -> tuple[str, ...]:
        """The sentences in `language`."""
        return self.en if language == "en" else self.pl


class Portal(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A relying portal."""

    terms_version: str
    terms_from: datetime.date  # as "2026-09-01"
    register: str
    providers: tuple[ProviderChoice, ...] = ()
    minimum_acr: str = "http://eidas.europa.eu/LoA/low"  # of every entry; a first one needs substantial all the same
    untrusted_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30  # an untrusted profile lapses unless it is proven
    recovery_pause_hours: Annotated[int, msgspec.Meta(ge=0)] = 24  # after a new e-mail address no forgotten password
    passkeys: bool = True  # owners of profiles may sign in with passkeys besides
    order_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 30  # an order lapses unless it is signed in that time
    terms_changes: tuple[TermsChange, ...] = ()  # oldest first; the last is that of `terms_version`
    page_levels: dict[str, Literal["low", "substantial", "high"]] = {}  # pages that need a stronger sign-in, by address


class PatientAccount(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The patient account: entered through the providers it relies on, at the level substantial."""

    providers: tuple[ProviderChoice, ...] = ()
    app: str = ""  # origin of its phone app's back end: docs/patient-account.openapi.yaml; empty where there is none
    app_token_file: str = ""  # one line, at least 32 characters: the app's back end proves itself with it
    app_secret_file: str = ""  # one line, at least 32 characters: with it the app's back end is asked about devices
    seconds: Annotated[float, msgspec.Meta(gt=0, le=30)] = 3.0  # for one answer of the app's back end


class Mojeikp(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The patient account's phone app: people sign in through a provider once, and bind their device."""

    account: str  # origin of the patient account: docs/patient-account.openapi.yaml
    token_file: str  # what `patient_account.app_token_file` holds there
    secret_file: str  # what `patient_account.app_secret_file` holds there
    providers: tuple[ProviderChoice, ...] = ()
    unused_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = (
        90  # a device that is not used for so long is bound no more
    )
    seconds: Annotated[float, msgspec.Meta(gt=0, le=30)] = 3.0  # for one answer of the patient account


def portal_faults(portal: Portal | None) -> list[str]:
    """What is wrong with the changes of its regulations: nobody is asked to accept a version unheard."""
    if portal is None:
        return []
    versions, at = [one.version for one in portal.terms_changes], "portal.terms_changes"
    faults = []
    if versions[-1:] != [portal.terms_version]:
        faults.append(f"{at}: the last one must say what {portal.terms_version!r:.40} (terms_version) changed")
    if len(set(versions)) < len(versions):
        faults.append(f"{at}: two of them have the same version")
    said = {
        one.version: all(words and all(map(str.strip, words)) for words in (one.pl, one.en))
        for one in portal.terms_changes
    }
    mute = (version for version, fine in said.items() if not fine)
    return faults + [
        f"{at}: {version!r:.40} must have sentences in pl and in en, none of them empty" for version in mute
    ]


def account_faults(account: PatientAccount | None, app: Mojeikp | None, near: frozenset[str]) -> list[str]:
    """What the types cannot say, as `key: what is wrong`; `near` are the hosts spoken to without encryption."""
    faults = []
    if account is not None and bool(account.app) != bool(account.app_token_file and account.app_secret_file):
        faults.append("patient_account.app: goes together with app_token_file and app_secret_file")
    if account is not None and account.app and not _is_origin(account.app, near):
        faults.append("patient_account.app: must be https://host[:port] and nothing more")
    if app is not None and not _is_origin(app.account, near):
        faults.append("mojeikp.account: must be https://host[:port] and nothing more")
    return faults


def _is_origin(text: str, near: frozenset[str]) -> bool:
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in near)
    return safe and bool(parts.netloc) and text == f"{parts.scheme}://{parts.netloc}"

"""The table `[mobywatel]`: the phone app whose back end this system is, and the providers whose requests it shows.

Part of `settings.py`, which reads the file; what is built of it: `wiring/mobywatel.py`.
"""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from poreka.contact_settings import Telephone


class Asker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider whose push requests the app shows, and which enrols the phones of its people.

    Its `[push]` table holds the same two files: docs/app-requests.openapi.yaml, docs/phone-devices.openapi.yaml.
    """

    key: str
    name: str
    origin: str
    token_file: str  # one line, at least 32 characters: the provider proves itself with it
    secret_file: str  # one line, at least 32 characters: with it we answer the provider


class Mobywatel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The phone app: people enrol their phones through a provider, approve what it asks, and sign in with them."""

    askers: tuple[Asker, ...]
    contact: str = ""  # mailto: or https: address that push services may turn to (RFC 8292 §2.1)
    push_hosts: tuple[str, ...] = ()  # push services inside our own networks; those of browsers need no entry
    hotlines: tuple[Telephone, ...] = ()
    address: str = ""
    consent_text_version: str = "2026-01"
    trust_framework: str = "pl_poreka"

    def vouching(self) -> dict[str, Any]:
        """How it vouches, in the words of every provider's table `[bank]`."""
        return {
            "sign_in": "password",
            "number_name": {"pl": "Klucz w telefonie", "en": "Key in the phone"},
            "hotlines": self.hotlines,
            "keeps": "phones",
            "eligibility": ["no_pesel", "pesel_invalid"],
            "tools": ["push"],
            "address": self.address,
            "consent_text_version": self.consent_text_version,
            "trust_framework": self.trust_framework,
        }


def app_faults(app: Mobywatel | None, profile_app: str, sender: str, *, demo: bool, near: frozenset[str]) -> list[str]:
    """What the types cannot say, as `key: what is wrong`; `near` are the hosts spoken to without encryption.

    `profile_app` is `trusted_profile.app`, `sender` is `push.sender`.
    """
    own = _mobywatel_faults(app, demo=demo, near=near) if app else []
    return own + _profile_app_faults(profile_app, sender, near)


def _profile_app_faults(origin: str, sender: str, near: frozenset[str]) -> list[str]:
    parts = urlsplit(origin)
    if not origin:
        return []
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path or parts.query:
        return ["trusted_profile.app: must be scheme://host[:port] and nothing more"]
    if parts.scheme == "http" and parts.hostname not in near:
        return ["trusted_profile.app: must be https, unless its host is in system.private_hosts"]
    return [] if sender == "http" else ['trusted_profile.app: goes together with push.sender = "http"']


def _mobywatel_faults(app: Mobywatel, *, demo: bool, near: frozenset[str]) -> list[str]:
    faults = []
    if len({asker.key for asker in app.askers}) != len(app.askers):
        faults.append("mobywatel.askers: two of them have the same key")
    for asker in app.askers:
        parts = urlsplit(asker.origin)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.path or parts.query:
            faults.append("mobywatel.askers: origin must be scheme://host[:port] and nothing more")
        elif parts.scheme == "http" and parts.hostname not in near:
            faults.append("mobywatel.askers: origin must be https, unless its host is in system.private_hosts")
    if not demo and not app.contact.startswith(("mailto:", "https:")):
        faults.append("mobywatel.contact: push services want an address, like mailto:app@office.example")
    return faults

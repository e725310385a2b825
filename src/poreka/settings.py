"""Reading a settings file: one TOML file a system, read into frozen, typed values; unknown keys are errors.

An error names the file and the key (or the line, when it is not TOML at all). Demonstration settings (`demo = true`)
bring fakes with them and are therefore refused for any address but loopback.
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from poreka.kinds import KindName, kind_of
from poreka.systems.bank.settings import BankSettings
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.mobywatel.settings import MobywatelSettings
from poreka.systems.mojeikp.settings import MojeikpSettings
from poreka.systems.patient_account.settings import PatientAccountSettings
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.web.settings.every_kind import CommonSettings, SettingsError

SETTINGS: dict[KindName, type[CommonSettings]] = {
    "portal": PortalSettings,
    "trusted_profile": TrustedProfileSettings,
    "mobywatel": MobywatelSettings,
    "desk": DeskSettings,
    "patient_account": PatientAccountSettings,
    "mojeikp": MojeikpSettings,
    "bank": BankSettings,
    "start": CommonSettings,
    "phone": CommonSettings,
}
"""The settings file of each kind of system: those of `KINDS`, which a test compares."""

_ONE_KINDS: dict[str, tuple[KindName, str]] = {
    "customers": ("bank", "customers: this table is for a bank"),
    "sim_swap": ("bank", "sim_swap: this table is for a bank"),
    "certificates": ("portal", "certificates: this table is for a portal"),
}
"""Tables beside its own that only one kind has, and what is said of them elsewhere."""


def read_settings(file: Path) -> CommonSettings:
    """Read and check a settings file; raises `SettingsError`."""
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: is not TOML: {error}") from error
    return settings_from(tables, str(file))


def settings_from(tables: dict[str, Any], origin: str) -> CommonSettings:
    """The settings of the kind that tables from `origin` (a file's name) name; raises `SettingsError`."""
    kind = _kind_of(tables)
    if kind is not None and (fault := _misplaced(tables, kind)):
        raise SettingsError(f"{origin}: {fault}")
    try:
        settings = msgspec.convert(tables, SETTINGS[kind] if kind else CommonSettings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{origin}: {_readable(str(error))}") from error
    for fault in settings.faults():
        raise SettingsError(f"{origin}: {fault}")
    return settings


def _kind_of(tables: dict[str, Any]) -> KindName | None:
    """The kind that the tables name, if there is such a kind; else the common part says what is wrong."""
    system = tables.get("system")
    kind = system.get("kind") if isinstance(system, dict) else None
    return kind if kind in SETTINGS else None


def _misplaced(tables: dict[str, Any], kind: KindName) -> str:
    """What is wrong with which tables there are: each kind has its own, and no other kind's."""
    if kind_of(kind).alone and kind not in tables:
        return f"{kind}: this table is missing"
    for name in tables:
        if name in SETTINGS and name != kind and kind_of(name).alone:
            return f"{name}: this table is for a {name}, and system.kind is {kind}"
        owner, fault = _ONE_KINDS.get(name, (kind, ""))
        if owner != kind:
            return fault
    return ""


def _readable(fault: str) -> str:
    """`Object missing required field `x` - at `$.system`` → `system: Object missing …`."""
    said, _, place = fault.partition(" - at `$")
    return f"{place.rstrip('`').lstrip('.')}: {said}" if place else said

"""Reading a settings file: one TOML file a system, read into frozen, typed values; unknown keys are errors.

An error names the file and the key (or the line, when it is not TOML at all). Demonstration settings (`demo = true`)
bring fakes with them and are therefore refused for any address but loopback.
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from poreka.kinds import KINDS, kind_of, settings_of
from poreka.web.settings.every_kind import CommonSettings, SettingsError

_ONE_KINDS: dict[str, tuple[str, str]] = {
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
    kind = _kind_named(tables)
    if kind is not None and (fault := _misplaced(tables, kind)):
        raise SettingsError(f"{origin}: {fault}")
    try:
        settings = msgspec.convert(tables, settings_of(kind) if kind else CommonSettings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{origin}: {_readable(error)}") from error
    if kind is None:
        raise SettingsError(f"{origin}: system.kind: Invalid enum value {settings.system.kind!r}")
    for fault in settings.faults():
        raise SettingsError(f"{origin}: {fault}")
    return settings


def _kind_named(tables: dict[str, Any]) -> str | None:
    """The kind that the tables name, if there is such a kind."""
    system = tables.get("system")
    kind = system.get("kind") if isinstance(system, dict) else None
    return kind if any(kind == one.name for one in KINDS) else None


def _misplaced(tables: dict[str, Any], kind: str) -> str:
    """What is wrong with which tables there are: each kind has its own, and no other kind's."""
    if kind_of(kind).alone and kind not in tables:
        return f"{kind}: this table is missing"
    for name in tables:
        if name != kind and any(one.alone and one.name == name for one in KINDS):
            return f"{name}: this table is for a {name}, and system.kind is {kind}"
        owner, fault = _ONE_KINDS.get(name, (kind, ""))
        if owner != kind:
            return fault
    return ""


def _readable(fault: msgspec.ValidationError) -> str:
    """`Object missing required field `x` - at `$.system`` → `system: Object missing …`.

    What a table refuses itself (`__post_init__`) names its key and is told as it is.
    """
    if fault.__cause__ is not None:
        return str(fault.__cause__)
    said, _, place = str(fault).partition(" - at `$")
    return f"{place.rstrip('`').lstrip('.')}: {said}" if place else said

"""The settings of the demonstration's systems: presets at one address, and providers that somebody added.

Presets are in `presets/`; `poreka demo --bank FILE` puts further ones into the data folder.
"""

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from poreka.demo.certificates import AUTHORITY
from poreka.kinds import DEMO_KEYS
from poreka.settings import read_settings, settings_from
from poreka.systems.bank.settings import BankSettings
from poreka.systems.portal.settings import Certificates, PortalSettings
from poreka.web.settings.every_kind import CommonSettings, SettingsError

CERTIFICATE_HOST = "certificate.pue.localhost"
PROXY_SECRET = "proxy.secrets"
DEMO_DOOR = {"loop_wait_ms": 250}  # a laptop does other things, too: people wait, and are not turned away
DEMO_ORIGIN = re.compile(r"http://(\w+)\.localhost:8000")
ADDED = "banks"
"""The folder of the data folder in which the settings of added providers lie."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the demonstration is reached; `certificate_port` is the proxy's that asks browsers for certificates."""

    port: int
    scheme: str = "http"
    certificate_port: int | None = None

    def origin(self, key: str) -> str:
        """The origin of a system; each is a host of its own under `localhost`."""
        return f"{self.scheme}://{key}.localhost:{self.port}"

    @property
    def certificate_origin(self) -> str:
        """The origin where browsers show certificates."""
        return f"https://{CERTIFICATE_HOST}:{self.certificate_port}"


def settings_text(key: str, address: Address) -> str:
    """A system's preset at this address, as a settings file for the other commands."""
    text = resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8")
    return DEMO_ORIGIN.sub(lambda found: address.origin(found[1]), text)


def preset(key: str, address: Address) -> CommonSettings:
    """A system's preset at this address."""
    tables = tomllib.loads(resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8"))
    return settings_from(_moved({"door": DEMO_DOOR, **tables}, address), f"presets/{key}.toml")


def bank_preset(key: str, address: Address) -> BankSettings:
    """A bank's preset at this address; raises `LookupError` for a system that is none."""
    return _a_bank(preset(key, address))


def _a_bank(settings: CommonSettings) -> BankSettings:
    if not isinstance(settings, BankSettings):
        raise LookupError(f"{settings.system.key} is no bank")
    return settings


def added_banks(folder: Path, address: Address) -> list[BankSettings]:
    """The providers that were added to the demonstration in this data folder; raises `SettingsError`."""
    return [read_added(file, address) for file in sorted((folder / ADDED).glob("*.toml"))]


def read_added(file: Path, address: Address) -> BankSettings:
    """The settings of a provider for the demonstration; raises `SettingsError`."""
    settings = read_settings(file)
    system = settings.system
    if system.kind != "bank" or not system.demo:
        raise SettingsError(f'{file}: system.kind: the demonstration takes a bank with kind = "bank" and demo = true')
    if system.key in DEMO_KEYS:
        raise SettingsError(f"{file}: system.key: the demonstration has a system {system.key} already")
    if system.origin != f"http://{system.key}.localhost:8000":
        raise SettingsError(f"{file}: system.origin: must be http://{system.key}.localhost:8000 in the demonstration")
    return _a_bank(settings_from(_moved(tomllib.loads(file.read_text("utf-8")), address), str(file)))


def with_certificates(portal: CommonSettings, address: Address) -> CommonSettings:
    """A portal that takes certificates, where a proxy asks for them."""
    if address.certificate_port is None or not isinstance(portal, PortalSettings):
        return portal
    certificates = Certificates(
        origin=address.certificate_origin, authorities=AUTHORITY, proxy_secret_file=PROXY_SECRET
    )
    return msgspec.structs.replace(portal, certificates=certificates)


def _moved(tables: dict[str, Any], address: Address) -> dict[str, Any]:
    """The preset's addresses with this port and scheme."""

    def moved(value: Any) -> Any:
        if isinstance(value, str):
            return DEMO_ORIGIN.sub(lambda found: address.origin(found[1]), value)
        if isinstance(value, dict):
            return {name: moved(inner) for name, inner in value.items()}
        return [moved(inner) for inner in value] if isinstance(value, list) else value

    result: dict[str, Any] = moved(tables)
    return result

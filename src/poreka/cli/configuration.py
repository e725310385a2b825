"""`poreka config` and `poreka secrets`: settings checked, a template to begin from, a secrets file made.

What settings there are is `settings.py`; the templates are in `templates/`.
"""

import asyncio
import base64
import os
import secrets as randomness
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from poreka.cli.ending import FAILED, WRONG_USAGE, stop
from poreka.cli.faults import explained
from poreka.hashing.cost import hashing_cost
from poreka.kinds import KINDS, kind_of
from poreka.provider.authorising.open_sim_swap import client_grant
from poreka.provider.customers.open import check_directory
from poreka.provider.settings.vouching import VouchingSettings
from poreka.running.failed import Failed
from poreka.running.foundation import SECRET_BYTES, read_password, read_secrets
from poreka.running.mutual_tls import check_mutual_tls_files
from poreka.running.running import own_texts
from poreka.running.senders import gateway_secret
from poreka.running.shared_secrets import check_shared_secrets
from poreka.settings import read_settings
from poreka.store.database import DatabaseUnavailable
from poreka.systems.portal.certificate.build import check_door_files
from poreka.systems.portal.settings import PortalSettings
from poreka.web.settings.every_kind import CommonSettings, SettingsError

if TYPE_CHECKING:
    KindName = str
else:
    KindName = Literal[tuple(kind.name for kind in KINDS)]


def check_configuration(*files: Path) -> None:
    """Check settings files, the secrets, token and password files they name, and the view with a bank's customers.

    It also says what hashing a password costs here, which is what limits how many people can sign in.

    Parameters
    ----------
    files
        CommonSettings files.
    """
    if not files:
        stop("name at least one settings file", 2)
    found = 0
    for file in files:
        faults = _faults(file)
        found += len(faults)
        print("\n".join(faults) if faults else f"{file}: good")
    print(f"passwords on this machine: {hashing_cost()}")
    if found:
        raise SystemExit(FAILED)


def new_configuration(kind: KindName, /) -> None:
    """Print a commented settings file to begin from.

    Parameters
    ----------
    kind
        What kind of system it is for.
    """
    if not kind_of(kind).alone:
        stop(f"a {kind} exists in the demonstration only: `poreka demo` writes its settings file", WRONG_USAGE)
    print(template(kind), end="")


def new_secrets(file: Path, /) -> None:
    """Make a secrets file that only its owner may read. Keep a copy: without it the data cannot be read.

    Parameters
    ----------
    file
        The file to be made; it must not be there yet.
    """
    with explained(file):
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Failed("is there already; a secret that seals data is never overwritten") from None
        with os.fdopen(descriptor, "w", encoding="ascii") as made:
            made.write(f"1:{base64.urlsafe_b64encode(randomness.token_bytes(SECRET_BYTES)).decode()}\n")
    print(f"made  {file}")


def template(kind: str) -> str:
    """The settings template of a kind of system."""
    return resources.files("poreka.cli").joinpath("templates", f"{kind}.toml").read_text("utf-8")


def _faults(file: Path) -> list[str]:
    try:
        settings = read_settings(file)
        own_texts(settings)
        _check_secrets(settings, file.parent / settings.system.secrets)
        if settings.email.password_file:
            read_password(file.parent / settings.email.password_file)
        for gateway in settings.sms.gateways:
            gateway_secret(gateway, file.parent)
        if isinstance(settings, VouchingSettings) and settings.sim_swap.source == "http":
            client_grant(settings, file.parent)
        check_mutual_tls_files(settings, file.parent)
        if isinstance(settings, PortalSettings):
            check_door_files(settings, file.parent)
        check_shared_secrets(settings, file.parent)
        if isinstance(settings, VouchingSettings):
            asyncio.run(check_directory(settings, file.parent))
    except SettingsError as fault:
        return [str(fault)]
    except DatabaseUnavailable as fault:
        return [f"{file}: {fault}"]
    return []


def _check_secrets(settings: CommonSettings, secrets: Path) -> None:
    """The demonstration makes its secrets by itself when they miss."""
    if secrets.exists() or not settings.system.demo:
        read_secrets(secrets, make=False)

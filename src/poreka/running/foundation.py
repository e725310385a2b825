"""What every system needs before it is a system: its secret, its database, its clock.

A secrets file holds one line per key, `number:base64url`, 32 random bytes each; the highest number
seals, all of them open. It is made when it is missing in the demonstration, never elsewhere.
"""

import base64
import os
import secrets as randomness
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar, cast

from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.migrate import SchemaNotCurrent, missing, upgrade
from poreka.store.postgres.engine import CONNECTIONS, open_postgres
from poreka.store.seal import Seal, derive
from poreka.store.sqlite.engine import open_sqlite
from poreka.web.settings.every_kind import CommonSettings, SettingsError
from poreka.web.system import Keys

SECRET_BYTES = 32
S = TypeVar("S", bound=CommonSettings)
S_co = TypeVar("S_co", bound=CommonSettings, covariant=True)
_SHARING = ("pz-to-mobywatel", "mobywatel-to-pz", "mojeikp-to-ikp", "ikp-to-mojeikp", "clerk-to-pz")
SHARED_SECRETS = tuple(f"{who}.secrets" for who in _SHARING)
"""The demonstration's, which two systems' settings name: one line each, made when they are missing."""


@dataclass(frozen=True, slots=True)
class FoundationOf(Generic[S_co]):
    """What a system stands on, with the settings of its kind. `folder` is where relative paths of these lead."""

    settings: S_co
    folder: Path
    database: Database
    seal: Seal
    keys: Keys
    audit_key: bytes
    fresh: Fresh
    clock: Callable[[], int]


Foundation = FoundationOf[CommonSettings]
"""What a system of any kind stands on."""


def of_kind(base: Foundation, settings: type[S]) -> FoundationOf[S]:
    """A foundation whose settings are of this kind; raises `LookupError` for another kind's."""
    if not isinstance(base.settings, settings):
        raise LookupError(f"{base.settings.system.key} has no {settings.__name__}")
    return cast(FoundationOf[S], base)


async def lay(settings: S, folder: Path, clock: Callable[[], int]) -> FoundationOf[S]:
    """Open a system's database and secrets; raises `SettingsError`, `SchemaNotCurrent`, `DatabaseUnavailable`."""
    secrets = read_secrets(folder / settings.system.secrets, make=settings.system.demo)
    database = await open_database(settings.system.database, folder, settings.system.database_connections)
    await _bring_up_to_date(database, settings.KIND.parts, demo=settings.system.demo)
    first = secrets[min(secrets)]
    keys = Keys(
        forms=derive(first, "forms"),
        codes=derive(first, "codes"),
        attempts=derive(first, "attempts"),
        subjects=derive(first, "subjects"),
    )
    return FoundationOf(settings, folder, database, Seal(secrets), keys, derive(first, "audit"), Fresh(), clock)


def read_secrets(file: Path, *, make: bool) -> dict[int, bytes]:
    """The keys of a secrets file by number; raises `SettingsError`."""
    if make and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(f"1:{base64.urlsafe_b64encode(randomness.token_bytes(SECRET_BYTES)).decode()}\n")
    return _secrets(file, private_text(file, "secrets file").split()) or _none(file)


def read_password(file: Path) -> str:
    """The one line of a password file; raises `SettingsError`."""
    password = private_text(file, "password file").removesuffix("\n").removesuffix("\r")
    if not password or not password.isprintable():
        raise SettingsError(f"{file}: the password file must hold one line and nothing else")
    return password


def share_secrets(folder: Path) -> None:
    """Make the secrets that two of the demonstration's systems share, unless they are there."""
    for name in SHARED_SECRETS:
        file = folder / name
        with suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(descriptor, f"{randomness.token_urlsafe(SECRET_BYTES)}\n".encode())
            os.close(descriptor)


def private_text(file: Path, what: str) -> str:
    """The text of a file that nobody but its owner may read; raises `SettingsError`, which shows none of it."""
    try:
        if os.stat(file).st_mode & 0o077:
            raise SettingsError(f"{file}: others may read this {what}; run: chmod 600 {file}")
        return file.read_bytes().decode("ascii")
    except OSError as error:
        raise SettingsError(f"{file}: the {what} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: the {what} is not ASCII text") from None


def _secrets(file: Path, lines: list[str]) -> dict[int, bytes]:
    secrets: dict[int, bytes] = {}
    for place, line in enumerate(lines, start=1):
        number, secret = _secret(file, place, line)
        if number in secrets:
            raise SettingsError(f"{file}, line {place}: there are two secrets of the number {number}")
        secrets[number] = secret
    return secrets


def _secret(file: Path, place: int, line: str) -> tuple[int, bytes]:
    number, _, encoded = line.partition(":")
    try:
        secret = base64.urlsafe_b64decode(encoded)
        if not 0 < int(number) < 256 or len(secret) != SECRET_BYTES:
            raise ValueError
    except ValueError:
        raise SettingsError(f"{file}, line {place}: must be NUMBER:32 bytes in base64url") from None
    return int(number), secret


def _none(file: Path) -> dict[int, bytes]:
    raise SettingsError(f"{file}: holds no secret")


async def open_database(url: str, folder: Path, connections: int = CONNECTIONS) -> Database:
    """Open the database a settings file names, with so many connections at most; a relative SQLite file is in
    `folder`.
    """
    if url.startswith("sqlite:"):
        return open_sqlite(folder / url.removeprefix("sqlite:"))
    return await open_postgres(url, pool_size=connections)


async def _bring_up_to_date(database: Database, parts: tuple[str, ...], *, demo: bool) -> None:
    """The demonstration upgrades by itself; an operator decides when."""
    if demo:
        await upgrade(database, parts, int(time.time()))
        return
    if behind := await missing(database, parts):
        raise SchemaNotCurrent(f"the database misses {len(behind)} migrations; run: poreka db upgrade")

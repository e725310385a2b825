"""Building the customer directory that a bank's settings name: own tables, a view, or HTTP.

What is elsewhere stands behind a circuit breaker. Read next: `provider/store/customer_directory.py`.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from poreka.hashing.passwords import Passwords
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.outgoing.peer_read import uneven_pause
from poreka.provider.customers.checked_here import checked_here
from poreka.provider.customers.over_http import CustomersOverHttp
from poreka.provider.settings.customers import Customers as CustomersSettings
from poreka.provider.settings.vouching import VouchingSettings
from poreka.provider.store.customer_directory import CustomerDirectory, DirectoryUnavailable
from poreka.provider.store.customer_view import CustomerView, ViewUnfit
from poreka.provider.store.customers import Customers
from poreka.provider.store.guarded_directory import GuardedDirectory
from poreka.rules.people.phone_number import POLISH, TakenNumbers
from poreka.running.foundation import FoundationOf, read_password
from poreka.running.running import Closing
from poreka.store.database import DatabaseUnavailable
from poreka.store.read_only import open_read_only
from poreka.web.settings.every_kind import SettingsError

LARGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class OpenedDirectory:
    """A customer directory; `own` is our table where the customers are kept in it."""

    directory: CustomerDirectory
    own: Customers | None
    closing: tuple[Closing, ...] = ()


async def open_directory(base: FoundationOf[VouchingSettings], passwords: Passwords, reach: Reach) -> OpenedDirectory:
    """The directory of a bank; raises `SettingsError`, `DatabaseUnavailable`."""
    settings, taken = base.settings.customers, base.settings.sms.numbers
    match settings.source:
        case "own":
            own = Customers(base.database, base.seal, base.fresh)
            return OpenedDirectory(await checked_here(own, passwords), own)
        case "view":
            view = await open_view(settings, base.folder, taken)
            try:
                checked = await checked_here(view, passwords)
            except DirectoryUnavailable as fault:
                raise DatabaseUnavailable(f"customers.database: {fault}") from fault
            return OpenedDirectory(GuardedDirectory(checked), None, (view.close,))
        case "http":
            over_http = open_over_http(settings, base.folder, reach, taken)
            return OpenedDirectory(GuardedDirectory(over_http), None, (over_http.close,))


async def open_view(settings: CustomersSettings, folder: Path, taken: TakenNumbers = POLISH) -> CustomerView:
    """The view, with every column that the settings name; raises `SettingsError`, `DatabaseUnavailable`."""
    columns = msgspec.structs.asdict(settings.columns)
    database = await open_read_only(settings.database, folder, settings.seconds)
    view = CustomerView(database, settings.view, columns, settings.seconds, taken)
    try:
        await view.check()
    except BaseException as fault:
        await view.close()
        if isinstance(fault, ViewUnfit):
            raise SettingsError(str(fault)) from fault
        if isinstance(fault, DirectoryUnavailable):
            raise DatabaseUnavailable(f"customers.database: {fault}") from fault
        raise
    return view


def open_over_http(
    settings: CustomersSettings, folder: Path, reach: Reach, taken: TakenNumbers = POLISH
) -> CustomersOverHttp:
    """The directory at the other end of HTTP, which may stand inside our own networks; raises `SettingsError`."""
    headers = {"authorization": f"Bearer {read_password(folder / settings.token_file)}"} if settings.token_file else {}
    host = urlsplit(settings.url).hostname
    reach = msgspec.structs.replace(reach, private_hosts=reach.private_hosts.union({host} if host else ()))
    channel = BackChannel(
        reach,
        tls=_tls(settings, folder),
        connect_seconds=settings.seconds,
        total_seconds=settings.seconds,
        largest_answer=LARGEST_ANSWER,
    )
    return CustomersOverHttp(channel, settings.url, headers, seconds=settings.seconds, pause=uneven_pause, taken=taken)


async def check_directory(settings: VouchingSettings, folder: Path) -> None:
    """What can be checked without asking about anybody; raises `SettingsError`, `DatabaseUnavailable`."""
    match settings.customers.source:
        case "own":
            return
        case "view":
            await (await open_view(settings.customers, folder)).close()
        case "http":
            await open_over_http(settings.customers, folder, Reach()).close()


def _tls(settings: CustomersSettings, folder: Path) -> ssl.SSLContext:
    """Whom we trust to be the directory, and the certificate that shows who we are."""
    try:
        context = ssl.create_default_context(cafile=folder / settings.authorities if settings.authorities else None)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"customers.authorities: {settings.authorities} holds no certificates") from error
    if not settings.certificate:
        return context
    key = folder / (settings.certificate_key or settings.certificate)
    try:
        if key.stat().st_mode & 0o077:
            raise SettingsError(f"customers.certificate_key: others may read {key}; run: chmod 600 {key}")
        # A key under a password is refused, instead of the terminal being asked for it.
        context.load_cert_chain(folder / settings.certificate, key, password=lambda: b"")
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"customers.certificate: {settings.certificate} and its key cannot be used") from error
    return context

"""The systems that only the demonstration has: its first page, and the phones and mailboxes of its people.

Refused outside the demonstration (`kinds.py`). The systems that they stand beside: `systems.py`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from poreka.delivery.demo_messages import DemoMessages
from poreka.demo.store.demo_clock import DemoClock
from poreka.systems.mobywatel.asker_over_http import PhoneApp
from poreka.web.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """One of the demonstration's invented people, as `people.json` shows them."""

    key: str
    first_name: str
    last_name: str
    pesel: str
    phone: str
    email: str
    situation: Mapping[str, str]
    accounts: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCertificate:
    """A certificate for one of them: PKCS #12; `state` is good, expired or revoked."""

    person: str
    state: str
    file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoClerk:
    """One of the demonstration's clerks."""

    login: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(System):
    """The demonstration's first page."""

    people: tuple[DemoPerson, ...]
    systems: tuple[Mapping[str, str], ...]  # key, name, kind and origin of each
    sandbox: tuple[Mapping[str, object], ...]  # how developers' trial clients are configured
    demo_clock: DemoClock
    certificates: tuple[DemoCertificate, ...]  # over https; none without
    certificate_password: str
    revocation_list: Callable[[int], bytes] | None  # what they are checked against, as of a moment
    clerks: tuple[DemoClerk, ...]
    clerk_link: Callable[[str], Awaitable[str | None]]  # a new link for a clerk's key, by login
    moved: Callable[[], Awaitable[None]]  # to be awaited after the clock was moved: all systems follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(System):
    """The demonstration's phones and mailboxes; `apps`: those of the banks, by the bank's name."""

    people: tuple[DemoPerson, ...]
    messages: DemoMessages
    apps: Mapping[str, PhoneApp]

"""`KINDS`: the one ordered list of the kinds of systems. What each needs besides its code is in its settings, `KIND`.

Whatever must know of every kind reads this list: settings, commands, the demonstration, the catalogue of events.
A new kind is a folder in `systems/` and a row here; the tests over all kinds (`tests/systems/test_every_kind.py`,
`tests/cli/test_every_kind.py`) say what else it must do.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

from poreka.delivery.sender import Senders
from poreka.outgoing.back_channel import Reach
from poreka.running.running import Running
from poreka.systems.bank.settings import BankSettings
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.mobywatel.settings import MobywatelSettings
from poreka.systems.mojeikp.settings import MojeikpSettings
from poreka.systems.patient_account.settings import PatientAccountSettings
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.web.settings.every_kind import CommonSettings
from poreka.web.settings.kind import Kind

Builder = Callable[[Any, Senders, Reach], Awaitable[Running]]


class StartSettings(CommonSettings, frozen=True, kw_only=True):
    """The settings file of the demonstration's first page."""

    KIND: ClassVar[Kind] = Kind(name="start", parts=("shared", "demo"), demo=("start",))


class PhoneSettings(CommonSettings, frozen=True, kw_only=True):
    """The settings file of the demonstration's phones and mailboxes."""

    KIND: ClassVar[Kind] = Kind(name="phone", parts=("shared", "demo"), demo=("phone",))


SETTINGS: tuple[type[CommonSettings], ...] = (
    PortalSettings,
    TrustedProfileSettings,
    MobywatelSettings,
    DeskSettings,
    PatientAccountSettings,
    MojeikpSettings,
    BankSettings,
    StartSettings,
    PhoneSettings,
)
"""The settings file of each kind, in the order in which people are shown the systems."""

KINDS = tuple(settings.KIND for settings in SETTINGS)
DEMO_KEYS = tuple(key for kind in KINDS for key in kind.demo)
"""Every system of the demonstration, by the name of its settings file."""

_BY_NAME = {settings.KIND.name: settings for settings in SETTINGS}


def settings_of(name: str) -> type[CommonSettings]:
    """The settings file of a kind; raises `KeyError` where there is no such kind."""
    return _BY_NAME[name]


def kind_of(name: str) -> Kind:
    """The row of a kind; raises `KeyError` where there is no such kind."""
    return _BY_NAME[name].KIND


def demo_keys(name: str) -> tuple[str, ...]:
    """The demonstration's systems of a kind; none where there is no such kind."""
    return _BY_NAME[name].KIND.demo if name in _BY_NAME else ()


def builder_of(kind: Kind) -> Builder:
    """What builds one system of a kind to be served alone, from the foundation with its settings."""
    module, _, function = kind.build.partition(":")
    builder: Builder = getattr(import_module(module), function)
    return builder


def events_of(kind: Kind) -> tuple[ModuleType, ...]:
    """The modules with what the audit log of a kind alone can say."""
    return tuple(import_module(name) for name in kind.events)

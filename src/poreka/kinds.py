"""`KINDS`: the one ordered list of the kinds of systems, and what each needs besides its code.

Whatever must know of every kind reads this list: migrations, settings, commands, the demonstration, the sweeper.
A new kind is a row here, a row of `SETTINGS` in `settings.py` and a builder in `cli/single.py`; the tests over all
kinds (`tests/wiring/test_every_kind.py`, `tests/cli/test_every_kind.py`) say what else it must do.
"""

from dataclasses import dataclass
from typing import Literal

KindName = Literal[
    "portal", "trusted_profile", "mobywatel", "desk", "patient_account", "mojeikp", "bank", "start", "phone"
]
Sends = Literal["sms", "email"]

PROVIDERS_SIGN, RELYING_PARTIES_SIGN = ("ES256", "RS256"), ("ES256",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What holds for every system of a kind; `demo` are the names of the demonstration's settings files of it."""

    name: KindName
    parts: tuple[str, ...]  # its sets of migrations, in order
    algorithms: tuple[str, ...] = ()  # what its own keys sign with; empty: it has none
    vouches: bool = False  # a provider: it has relying parties, and keeps the public half of keys that sign no more
    customers_tools: bool = False  # `poreka tool` helps its people
    sends: tuple[Sends, ...] = ()  # what it cannot do without: outside the demonstration it needs a real sender
    alone: bool = True  # has a table of its own name in its settings file, and is served by itself; else demo only
    demo: tuple[str, ...]


KINDS = (
    Kind(
        name="portal",
        parts=("shared", "relying", "portal", "passkeys"),
        algorithms=RELYING_PARTIES_SIGN,
        sends=("email",),
        demo=("pue",),
    ),
    Kind(
        name="trusted_profile",
        parts=("shared", "provider", "bank", "relying", "trusted_profile"),
        algorithms=PROVIDERS_SIGN,
        vouches=True,
        customers_tools=True,
        sends=("sms", "email"),
        demo=("pz",),
    ),
    Kind(
        name="mobywatel",
        parts=("shared", "provider", "bank", "mobywatel"),
        algorithms=PROVIDERS_SIGN,
        vouches=True,
        demo=("mobywatel",),
    ),
    Kind(name="desk", parts=("shared", "desk"), algorithms=RELYING_PARTIES_SIGN, demo=("clerk",)),
    Kind(
        name="patient_account",
        parts=("shared", "relying", "patient_account"),
        algorithms=RELYING_PARTIES_SIGN,
        demo=("ikp",),
    ),
    Kind(
        name="mojeikp",
        parts=("shared", "relying", "mojeikp"),
        algorithms=RELYING_PARTIES_SIGN,
        demo=("mojeikp",),
    ),
    Kind(
        name="bank",
        parts=("shared", "provider", "bank", "passkeys"),
        algorithms=PROVIDERS_SIGN,
        vouches=True,
        customers_tools=True,
        sends=("sms",),
        demo=("millenet", "inteligo", "ipko", "bos", "envelo"),
    ),
    Kind(name="start", parts=("shared", "demo"), alone=False, demo=("start",)),
    Kind(name="phone", parts=("shared", "demo"), alone=False, demo=("phone",)),
)
DEMO_KEYS = tuple(key for kind in KINDS for key in kind.demo)
"""Every system of the demonstration, by the name of its settings file; in the order in which people are shown them."""

_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_of(name: KindName) -> Kind:
    """The row of a kind."""
    return _BY_NAME[name]


def demo_keys(name: KindName) -> tuple[str, ...]:
    """The demonstration's systems of a kind."""
    return kind_of(name).demo

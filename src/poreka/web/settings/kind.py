"""What holds for every system of a kind, besides its code. Each kind says it in its own settings, as `KIND`.

The one ordered list of them is `poreka/kinds.py`.
"""

from dataclasses import dataclass
from typing import Literal

Sends = Literal["sms", "email"]

PROVIDERS_SIGN, RELYING_PARTIES_SIGN = ("ES256", "RS256"), ("ES256",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of system; `demo` are the names of the demonstration's settings files of it."""

    name: str
    parts: tuple[str, ...]  # its sets of migrations, in order
    algorithms: tuple[str, ...] = ()  # what its own keys sign with; empty: it has none
    vouches: bool = False  # a provider: it has relying parties, and keeps the public half of keys that sign no more
    customers_tools: bool = False  # `poreka tool` helps its people
    sends: tuple[Sends, ...] = ()  # what it cannot do without: outside the demonstration it needs a real sender
    build: str = ""  # module:function that builds one to be served alone; left out: in the demonstration only
    events: tuple[str, ...] = ()  # the modules with what its audit log alone can say
    demo: tuple[str, ...]

    @property
    def alone(self) -> bool:
        """Whether it has a table of its own name in its settings file, and is served by itself."""
        return bool(self.build)

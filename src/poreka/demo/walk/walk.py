"""What a journey is given: the demonstration as its contract shows it, browsers, and named steps.

Only what `demo.md` promises to everyone is used: addresses, `people.json`, `messages.json`, the clock.
"""

import datetime
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from poreka.demo.presets import Address
from poreka.demo.walk.links import Links
from poreka.demo.walk.visitor import Page, Visitor, WalkFailed

BANK, PORTAL = "millenet", "pue"
PATIENCE_SECONDS = 10.0
NO_CODES = frozenset({"letter", "push"})  # letters come when they come; what an app asks is answered there
NEWS = "To nie Ty?"  # a notice, and no code
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
OPERATION = re.compile(r"Operacja nr (?P<number>\d+) z (?P<date>\d\d-\d\d-\d{4})")
SMS = re.compile(r"(?P<date>\S+) \S+; (?P<what>.+); Kod SMS nr (?P<number>\d+): (?P<code>\d{6})", re.DOTALL)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demonstration's people, as `people.json` tells."""

    key: str
    first_name: str
    last_name: str
    pesel: str
    phone: str
    email: str
    accounts: dict[str, dict[str, str]]

    def account(self, system: str) -> dict[str, str]:
        """How the person signs in there."""
        return self.accounts[system]


@dataclass
class Walk:
    """A walk through one demonstration; `fresh` when nobody was there before it."""

    address: Address
    tell: Callable[[str, float], None]
    tls: ssl.SSLContext | None = None
    fresh: bool = True
    bank: str = BANK  # the provider that the journey goes through
    visitors: list[Visitor] = field(default_factory=list)
    links: Links = field(init=False)

    def __post_init__(self) -> None:
        self.links = Links(self.address)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A named step; told with the seconds it took once it has come to its end."""
        began = time.perf_counter()
        try:
            yield
        except WalkFailed as failed:
            raise WalkFailed(f"{name}: {failed}") from failed
        self.tell(name, time.perf_counter() - began)

    def visitor(self, tls: ssl.SSLContext | None = None) -> Visitor:
        """A browser that was never here before; with TLS of its own where it has a certificate to show."""
        self.visitors.append(Visitor(tls or self.tls))
        return self.visitors[-1]

    def close(self) -> None:
        """Close every browser, once the links that it was offered are opened."""
        while self.visitors:
            visitor = self.visitors.pop()
            self.links.open_all(visitor)
            visitor.close()

    def url(self, system: str, path: str = "/") -> str:
        """An address of a system."""
        return self.address.origin(system) + path

    def json(self, system: str, path: str, body: object = None) -> Any:
        """What a JSON address answers."""
        method = "GET" if body is None else "POST"
        response = (self.visitors or [self.visitor()])[0].json(method, self.url(system, path), body)
        if response.status_code != 200:
            raise WalkFailed(f"{system}{path} answered {response.status_code}")
        return response.json()

    def person(self, key: str) -> Person:
        """One of the demonstration's people."""
        for found in self.json("start", "/people.json")["people"]:
            if found["key"] == key:
                accounts = {account["system"]: account for account in found["accounts"]}
                kept = {name: found[name] for name in ("key", "first_name", "last_name", "pesel", "phone", "email")}
                return Person(**kept, accounts=accounts)
        raise WalkFailed(f"there is nobody called {key}")

    def messages(self, person: Person) -> list[dict[str, str]]:
        """What was sent to a person, newest first."""
        found: list[dict[str, str]] = self.json("phone", f"/messages.json?person={person.key}")
        return found

    def new_message(self, person: Person, seen: list[dict[str, str]]) -> str:
        """The text of the message that comes after those already seen; letters come when they come."""
        known = {message["id"] for message in seen}

        def look() -> str | None:
            new = (one for one in self.messages(person) if one["id"] not in known and one["channel"] not in NO_CODES)
            return next((one["text"] for one in new if NEWS not in one["text"]), None)

        return self.soon(look, f"a message for {person.key}")

    def new_code(self, person: Person, seen: list[dict[str, str]]) -> str:
        """The code in a message after those already seen, whatever news comes between."""
        known = {message["id"] for message in seen}

        def look() -> str | None:
            new = (one for one in self.messages(person) if one["id"] not in known and one["channel"] not in NO_CODES)
            texts = (one["text"] for one in new if NEWS not in one["text"])
            return next((str(found[-1]) for text in texts if (found := CODE.findall(text))), None)

        return self.soon(look, f"a code for {person.key}")

    def code_shown(self, person: Person, page: Page) -> str:
        """The code of the operation that a page shows, whenever its message came: the same number, date and words."""
        shown = OPERATION.search(page.words)
        expect(shown, "no operation is shown", page)

        def look() -> str | None:
            texts = (SMS.match(one["text"]) for one in self.messages(person))
            same = (sms for sms in texts if sms and shown and sms.group("number", "date") == shown.groups())
            return next((sms["code"] for sms in same if sms["what"] in page.words), None)

        return self.soon(look, f"the code of an operation for {person.key}")

    def soon(self, look: Callable[[], T | None], what: str) -> T:
        """What `look` finds within ten seconds."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            found = look()
            if found is not None:
                return found
            time.sleep(0.05)
        raise WalkFailed(f"{what} did not come within {PATIENCE_SECONDS:.0f} s")

    def now(self) -> int:
        """What time the demonstration has, in seconds since the epoch."""
        return int(datetime.datetime.fromisoformat(self.json("start", "/clock.json")["now"]).timestamp())

    def advance(self, period: str) -> None:
        """Move the demonstration's clock forward."""
        self.json("start", "/clock", {"advance": period})


def code_in(text: str) -> str:
    """The six digits in a message."""
    found = CODE.findall(text)
    if not found:
        raise WalkFailed("the message holds no code")
    return str(found[-1])


def expect(true: object, what: str, page: Page | None = None) -> None:
    """Raise `WalkFailed` unless something holds."""
    if not true:
        raise WalkFailed(f"{what}{f'; {page.describe()}' if page else ''}")

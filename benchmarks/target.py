"""What a measured provider looks like to the driver, whoever wrote it.

A contender is a function that starts a provider (and its database), yields a `Target` and stops everything
afterwards. Nothing in the driver knows more about a provider than this and its discovery document.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.proofs import SigningKey

if TYPE_CHECKING:
    from benchmarks.browser import Browser, Page
    from benchmarks.people_at_bank import Townsperson

SignIn = Callable[["Browser", "Page", str], Awaitable[str]]
"""(browser, the sign-in page, login) → the address the provider sends the browser to with its answer."""

WholeEntry = Callable[["Target", "Browser", str], Awaitable[None]]
"""(target, a fresh browser at the provider, login) → done when the citizen has arrived at the portal.

It raises `JourneyError` if the citizen does not. A first entry may pass over the login and take the next
person who was never there. Where portal and provider are two origins, it makes a second `Browser`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """The client the driver plays, registered at the provider before the rounds begin."""

    client_id: str
    redirect_uri: str
    key: SigningKey
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One running provider, its people, and the processes whose CPU time is counted."""

    name: str
    issuer: str
    address: tuple[str, int]
    relying_party: RelyingParty
    logins: Sequence[str]
    sign_in: SignIn
    software: str
    server_pids: Sequence[int]
    database_pids: Sequence[int] = ()
    whole_entries: Mapping[str, WholeEntry] = field(default_factory=dict)
    people: "Sequence[Townsperson]" = ()


Contender = Callable[[Path], AbstractContextManager[Target]]
"""(an empty folder of its own) → a started provider for as long as the `with` block lasts."""


class JourneyError(Exception):
    """A provider answered otherwise than the journey expects; the measurement is void."""


class ToldToWait(JourneyError):
    """The provider has too much to do and says when to come back."""

    def __init__(self, step: str, seconds: float) -> None:
        super().__init__(f"{step}: told to come back in {seconds:.0f} s")
        self.seconds = seconds

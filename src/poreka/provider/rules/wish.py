"""What a service wishes of a release, in the words of no protocol: who asks, which facts, how strong and how recent the
sign-in must be, what is to be signed.

A protocol's beginning makes a `Wish` of its request; the pages, the consent and the operation read the `Wish` alone.
What the protocol needs for its answer is the reply (`provider/reply.py`), which they cannot read.
"""

from typing import Protocol

import msgspec

from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact, in_order


class AskingService(Protocol):
    """The service that asks, as it is registered now; an OpenID Connect `Client` is one."""

    @property
    def client_id(self) -> str: ...
    @property
    def name(self) -> dict[str, str]: ...
    @property
    def legal_name(self) -> str: ...
    @property
    def purpose(self) -> dict[str, str]: ...
    @property
    def offers(self) -> dict[str, tuple[str, ...]]: ...
    @property
    def sector(self) -> str: ...
    @property
    def releasable_claims(self) -> frozenset[str]: ...
    @property
    def consent_policy(self) -> str: ...
    @property
    def home(self) -> str: ...


class SignatureWish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be signed: `summary` is what the person reads, and the document is named by its hash."""

    summary: str
    document: ShownDocument


class Wish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One wish. `service` is the name that the service is registered by, and `level` is the lowest that will do.

    A sign-in counts that is at most `max_age` seconds old; with `sign_in_anew`, only one that is made for this release.
    With `consent_anew` a remembered consent is not enough. With `silent` the person may be shown no page.
    `languages` are those that the service would like its person to read, the best one first.
    """

    service: str
    facts: tuple[Fact, ...] = ()
    level: Level = Level.LOW
    max_age: int | None = None
    sign_in_anew: bool = False
    consent_anew: bool = False
    silent: bool = False
    signature: SignatureWish | None = None
    languages: tuple[str, ...] = ()


def facts_granted(wish: Wish, service: AskingService) -> tuple[Fact, ...]:
    """The facts that are wished, out of those the service may have; a signature names its person by all three."""
    if wish.signature is not None:
        return tuple(Fact)
    return in_order(fact for fact in wish.facts if fact.value in service.releasable_claims)

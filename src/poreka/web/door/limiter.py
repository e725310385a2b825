"""The one limiter of acts that anybody may do, or that cost the caller little: per whom and per what.

`spend` counts every act (a code to be sent, a question, a report); a `Spread` counts the names that one browser or
network tried with a wrong password, each name once. Both count inside the transaction of what they belong to, so that
an outage counts nothing; `give_back` and `right_in_spread` take a count back after a right answer. Names, addresses
and numbers are kept as keyed hashes. The rules are `rules/limits/limits.py`; the counters, `store/limit_counts.py`;
the page that says when to come back, `web/failures.py`.
"""

import hmac
from dataclasses import dataclass

from starlette.requests import Request

from poreka.rules.client_address import is_in, network_of
from poreka.rules.limits.limits import Per, Purpose, window_end
from poreka.store.database import Transaction
from poreka.web.browser.own_cookies import browser_of
from poreka.web.door.client_address import client_address, networks
from poreka.web.system import System


class LimitReached(Exception):
    """No more of this before so many seconds have passed."""

    def __init__(self, purpose: Purpose, per: Per, seconds: int) -> None:
        super().__init__(f"{purpose.value} by {per.value}")
        self.purpose, self.per, self.seconds = purpose, per, seconds


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose count it is: a kind (network, browser, person …), and which one of that kind."""

    per: Per
    name: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A try at the password of one name: `item` is the name, `counters` are those of the browser and the network."""

    item: bytes
    counters: tuple[tuple[Per, bytes], ...]


def asker(request: Request, system: System) -> tuple[Scope, ...]:
    """The browser that sends a request, and the network it comes from where that is known."""
    browser = Scope(Per.BROWSER, browser_of(request, system))
    network = _network(request, system)
    return (browser, Scope(Per.NETWORK, network)) if network else (browser,)


def _network(request: Request, system: System) -> str | None:
    """The network that a request comes from; None where that is not known.

    Outside the demonstration a proxy stands in front. Where the settings name none, or the proxy does not tell for whom
    it asks, all requests would seem to come from the proxy, and one stranger could make everybody wait.
    """
    address, proxies = client_address(request), system.settings.server.trusted_proxies
    if not address or (not proxies and not system.settings.system.demo):
        return None
    return None if is_in(address, networks(proxies)) else network_of(address)


async def spend(system: System, transaction: Transaction, purpose: Purpose, item: str, *scopes: Scope) -> None:
    """Count one act in each of `scopes`, noted for `item`; raises `LimitReached`, which undoes the transaction."""
    now, counts = system.clock(), system.limit_counts
    counters = sorted((_counter(system, purpose, scope), scope.per) for scope in scopes)
    for counter, per in counters:
        limit = counts.limits.of(purpose, per)
        if not await counts.add(transaction, counter, _item(system, purpose, item), limit, now):
            raise LimitReached(purpose, per, window_end(limit, now) - now)


async def give_back(system: System, transaction: Transaction, purpose: Purpose, item: str) -> None:
    """Take back all that was counted for an item: the right answer came."""
    await system.limit_counts.give_back(transaction, _item(system, purpose, item), system.clock())


def spread_of(request: Request, system: System, subject: bytes) -> Spread:
    """The `Spread` of this request's try at a password; `subject` is the hash under which the name's tries count."""
    counters = sorted((_counter(system, Purpose.PASSWORD, scope), scope.per) for scope in asker(request, system))
    return Spread(_item(system, Purpose.PASSWORD, subject.hex()), tuple((per, counter) for counter, per in counters))


async def begin_spread(system: System, spread: Spread) -> None:
    """Note a try as under way until `end_spread`; raises `LimitReached` after too many names.

    Tries under way count as wrong, so that whoever sends many at once gets no more of them than one after another.
    """
    now, counts = system.clock(), system.limit_counts
    used = {counter: await counts.used(counter, now) for _, counter in spread.counters}
    for per, counter in spread.counters:
        limit = counts.limits.of(Purpose.PASSWORD, per)
        if used[counter] + counts.under_way[counter] >= limit.most:
            raise LimitReached(Purpose.PASSWORD, per, window_end(limit, now) - now)
    counts.under_way.update(counter for _, counter in spread.counters)


def end_spread(system: System, spread: Spread) -> None:
    """Take a try out of those under way, whether or not it came to a verdict."""
    under_way = system.limit_counts.under_way
    for _, counter in spread.counters:
        under_way[counter] -= 1
        if under_way[counter] <= 0:
            del under_way[counter]


async def wrong_in_spread(system: System, transaction: Transaction, spread: Spread) -> None:
    """Count the name, unless it was counted in this window before: its password was wrong."""
    now, counts = system.clock(), system.limit_counts
    for per, counter in spread.counters:
        limit = counts.limits.of(Purpose.PASSWORD, per)
        await counts.add_once(transaction, counter, spread.item, limit, now)


async def right_in_spread(system: System, transaction: Transaction, spread: Spread) -> None:
    """Take the name back from this browser's and network's counts: its password was right."""
    counters = [counter for _, counter in spread.counters]
    await system.limit_counts.give_back(transaction, spread.item, system.clock(), counters)


def _counter(system: System, purpose: Purpose, scope: Scope) -> bytes:
    return hmac.digest(
        system.keys.attempts,
        f"limit\0{purpose.value}\0{scope.per.value}\0{scope.name}".encode("utf-8", "replace"),
        "sha256",
    )


def _item(system: System, purpose: Purpose, item: str) -> bytes:
    text = f"limited\0{purpose.value}\0{item}".encode("utf-8", "replace")
    return hmac.digest(system.keys.attempts, text, "sha256")

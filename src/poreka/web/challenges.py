"""Challenges for keys of phones: given to a page of ours, taken back once, from the same browser, for the same end.

The rule and its reasons are `rules/authorising/bound_challenge.py`. `claim_challenge` is saved in the transaction of
what the assertion opens, so that one assertion opens one thing.
"""

from starlette.requests import Request

from poreka.rules.authorising.bound_challenge import LIFE, Bound, make_token, read_token
from poreka.store.database import Insert
from poreka.store.used_once import claiming
from poreka.web.browser.own_cookies import browser_of
from poreka.web.passkeys import PasskeyRefused
from poreka.web.system import System


def new_challenge(request: Request, system: System, purpose: str, until: int | None = None, words: str = "") -> str:
    """The token for a page that shows these words; it ends after five minutes, or at `until` if that is sooner."""
    ends = min(system.clock() + LIFE, until) if until is not None else system.clock() + LIFE
    return make_token(
        system.keys.forms,
        purpose,
        browser_of(request, system),
        drawn=system.fresh.secret(),
        expires_at=ends,
        words=words,
    )


def taken_challenge(request: Request, system: System, purpose: str, token: str, words: str = "") -> Bound:
    """The token that came back; raises `PasskeyRefused` for another's, another purpose's, one of a page that showed
    other words, or one that is too late."""
    browser = system.cookies.secret(request, "browser") or ""
    bound = read_token(system.keys.forms, token, purpose, browser, system.clock(), words)
    if bound is None:
        raise PasskeyRefused("the challenge is not one of this page, or too old")
    return bound


def claim_challenge(bound: Bound) -> Insert:
    """The row that uses the challenge up; `AlreadyThere` when an assertion over it was taken before."""
    return claiming("passkey", bound.token, bound.expires_at)

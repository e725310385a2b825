"""Browsers in which somebody signed in before: they are let through a lock that strangers' wrong passwords brought.

A cookie holds, for each of the last people who signed in here, a mark that only we can make for their name. With it
tries are counted for this browser alone, under the same rules (`rules/limits/attempts.py`): strangers cannot lock the
owner out of it, and whoever stole it guesses no faster than anybody. It opens nothing: the password is asked for as
ever, and nothing is stored about the browser. Every right password makes a new mark.
"""

import hmac

from starlette.requests import Request
from starlette.responses import Response

from poreka.web.system import System

COOKIE = "known"
LIFE = 180 * 24 * 3600
PEOPLE = 2  # of one browser; a cookie is read up to 200 characters
_NONCE, _PROOF = 22, 43
_LENGTH = _NONCE + _PROOF


def known_under(request: Request, system: System, subject: bytes) -> bytes | None:
    """What tries for a name (`subject`, as it is counted) are counted under in this browser, if it is known for it."""
    marks = [mark for mark in _marks(request, system) if _is_for(system, mark, subject)]
    return hmac.digest(system.keys.attempts, f"known\0{marks[0]}".encode(), "sha256") if marks else None


def remember_browser(request: Request, response: Response, system: System, subject: bytes) -> Response:
    """The password was right: the browser is known for this name from now on."""
    nonce = system.fresh.secret()[:_NONCE]
    others = [mark for mark in _marks(request, system) if not _is_for(system, mark, subject)]
    kept = [nonce + _proof(system, nonce, subject), *others][:PEOPLE]
    system.cookies.set(response, COOKIE, ".".join(kept), LIFE)
    return response


def _marks(request: Request, system: System) -> list[str]:
    return [mark for mark in system.cookies.choice(request, COOKIE).split(".") if len(mark) == _LENGTH][:PEOPLE]


def _is_for(system: System, mark: str, subject: bytes) -> bool:
    proof = _proof(system, mark[:_NONCE], subject)
    return hmac.compare_digest(mark[_NONCE:].encode("utf-8", "replace"), proof.encode())


def _proof(system: System, nonce: str, subject: bytes) -> str:
    made = hmac.digest(
        system.keys.attempts, b"browser\0" + nonce.encode("utf-8", "replace") + b"\0" + subject, "sha256"
    )
    return made.hex()[:_PROOF]

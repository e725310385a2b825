"""The language in which a browser is answered, and the texts in it.

The address is asked first, then what the device remembers (`own_cookies.py` sees to that), then the browser's settings.
"""

from starlette.requests import Request

from poreka.web.system import System
from poreka.web.texts import LANGUAGES, Texts, best_language


def language_of(request: Request, system: System) -> str:
    """The page's language: asked for in the address, remembered on the device, or the browser's."""
    asked = asked_language(request)
    if asked in LANGUAGES:
        return asked
    remembered = system.cookies.choice(request, "language")
    return remembered if remembered in LANGUAGES else best_language(request.headers.get("accept-language", ""))


def texts_of(request: Request, system: System) -> Texts:
    """The texts in the page's language."""
    return system.texts[language_of(request, system)]


def asked_language(request: Request) -> str:
    """The language in the address, or empty text; most addresses are not even looked into."""
    return request.query_params.get("lang", "") if b"lang=" in request.scope["query_string"] else ""

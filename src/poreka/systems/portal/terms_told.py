"""What the portal's terms of use and its help say of the portal itself: the version in force, how long a session is.

Times come from the settings, so that no page promises fifteen minutes where a session has ten. Which versions of the
terms there were and what changed in each is `systems/portal/rules/terms.py`.
"""

from typing import Any

from starlette.requests import Request

from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.sessions import limits_of
from poreka.web.texts import Texts

UNITS = {"hours": 3600, "minutes": 60, "seconds": 1}


def terms_shown(request: Request, system: Portal) -> dict[str, Any]:
    """What `systems/portal/entry/_regulations.html` needs."""
    portal = system.settings.portal
    return {
        "terms_version": portal.terms_version,
        "terms_from": portal.terms_from,
        "session_times": session_times(request, system),
    }


def session_times(request: Request, system: Portal) -> dict[str, str]:
    """After what time a session ends: `idle` without activity, `longest` in any case."""
    texts, limits = texts_of(request, system), limits_of(system)
    return {"idle": time_after(texts, limits.idle), "longest": time_after(texts, limits.absolute)}


def time_after(texts: Texts, seconds: int) -> str:
    """A length of time as it is said after "po" ("15 minutach"), in the largest unit of which it is a whole number."""
    unit = next(name for name, length in UNITS.items() if seconds % length == 0)
    return texts.plural(f"portal.after.{unit}", seconds // UNITS[unit])

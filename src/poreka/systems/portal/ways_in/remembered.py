"""The bank through which somebody entered last from this device: offered first in the list, and on the first page.

A convenience and nothing else: the cookie is read like any text a stranger may have set, and it begins nothing by
itself.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.relied_on import ReliedOn
from poreka.systems.portal.system import Portal
from poreka.web.cookies import YEAR

CHOICE = "provider"


def remembered_bank(request: Request, system: Portal) -> ReliedOn | None:
    """The bank of the last entry, if it can be used now."""
    key = system.cookies.choice(request, CHOICE)
    banks = (one for one in system.relied_on.values() if one.open and one.kind == "bank")
    return next((one for one in banks if one.key == key), None)


def remember_bank(response: Response, system: Portal, bank: ReliedOn) -> None:
    """Remember it on this device."""
    system.cookies.set(response, CHOICE, bank.key, YEAR)


def forget_bank(response: Response, system: Portal) -> None:
    """As if nobody had entered here."""
    system.cookies.clear(response, CHOICE)

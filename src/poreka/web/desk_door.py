"""A desk's call at the trusted profile: which desk, which clerk, and the refusals that both sides have words for.

The desk proves itself with its secret and names the clerk in every document; who the clerk is, is compared by the
blind index of the PESEL. docs/desk.openapi.yaml is the contract.
"""

from starlette.requests import Request

from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.desk_messages import ClerkNamed
from poreka.rules.pesel import Pesel, read_pesel
from poreka.rules.profile_proposal import Clerk, NotForThisClerk
from poreka.web.asker_door import caller_of
from poreka.web.systems import DeskKnown, TrustedProfileSystem

MOST_SHOWN = 100


def desk_of(request: Request, pz: TrustedProfileSystem) -> DeskKnown:
    """The desk that calls; raises `AnsweredAsJson`."""
    return caller_of(request, pz.desks)


def acting(pz: TrustedProfileSystem, desk: DeskKnown, named: ClerkNamed) -> Clerk:
    """The clerk whom the desk names; raises `AnsweredAsJson`."""
    pesel = read_pesel(named.pesel)
    if not isinstance(pesel, Pesel):
        raise AnsweredAsJson("invalid_request", "The clerk's PESEL is none.", status=400)
    return Clerk(id=f"{desk.key}/{named.id}", person=pz.profiles.index_of(pesel))


def not_there(what: str) -> AnsweredAsJson:
    """There is no such application, profile or proposal."""
    return AnsweredAsJson("not_found", f"There is no such {what}.", status=404)


def conflict(error: str, description: str) -> AnsweredAsJson:
    """It cannot be done as things stand; nothing was changed."""
    return AnsweredAsJson(error, description, status=409)


def not_for(why: NotForThisClerk) -> AnsweredAsJson:
    """Somebody else has to do this."""
    if why is NotForThisClerk.OWN:
        return AnsweredAsJson("own_case", "The case concerns the clerk.", status=403)
    return AnsweredAsJson("same_clerk", "Who proposed does not decide.", status=403)

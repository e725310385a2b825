"""A desk's call at the trusted profile: which desk, which clerk, and the refusals that both sides have words for.

The desk proves itself with its secret and names the clerk in every document; who the clerk is, is compared by the
blind index of the PESEL. docs/desk.openapi.yaml is the contract.
"""

from starlette.requests import Request

from poreka.contracts.desk import ClerkNamed, KeySigned, signature_hash
from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.authorising.bound_challenge import challenge_of
from poreka.rules.people.pesel import Pesel, read_pesel
from poreka.systems.trusted_profile.desk_known import DeskKnown
from poreka.systems.trusted_profile.rules.proposal import Clerk, NotForThisClerk
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.door.asker import caller_of
from poreka.web.passkeys import PasskeyRefused, check_evidence

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


def check_signed(signed: KeySigned, words: str) -> str:
    """The SHA-256 of a signature over these words; raises `AnsweredAsJson` for one that is none or over others.

    Whose key it is, the desk knows; that the key it names signed this very decision is seen here.
    """
    try:
        if signed.said.partition("\n")[0] != words:
            raise PasskeyRefused("the key signed something else")
        check_evidence(signed.assertion, challenge_of(signed.token, signed.said), signed.key, signed.public_key)
    except PasskeyRefused as fault:
        detail = str(fault)
        raise AnsweredAsJson("not_signed", "The decision is not signed.", status=400, detail=detail) from fault
    return signature_hash(signed)


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

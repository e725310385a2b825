"""One more phone for a profile, under way: stored from the moment its owner authorised it.

It begins with an own operation of the owner's current tool (`systems/trusted_profile/operation`), because whoever adds
a phone can approve with it: a session that somebody took over is not enough. It goes on in
`systems/trusted_profile/phones`.
"""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request

from poreka.contracts.phone_devices import Offered
from poreka.store.database import Insert
from poreka.store.fresh import secret_hash
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.own_cookies import browser_of

KIND, LIFE = "phone_enrolment", 30 * 60
MOST_OFFERS = 3  # codes of one authorised wish, each after the time of the one before


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored: whose phone; the app's offer, once asked for, and how many there were; `taken`: the phone was
    written down here."""

    person_id: str
    offered: Offered | None = None
    offers: int = 0
    taken: bool = False


def wished(request: Request, pz: TrustedProfileSystem) -> dict[str, str]:
    """What the own operation keeps: the journey that it will permit, in this browser."""
    return {"journey": pz.fresh.id(), "browser": secret_hash(browser_of(request, pz)).hex()}


def permitted(pz: TrustedProfileSystem, person_id: str, values: Mapping[str, str]) -> Insert:
    """The row of the journey, in the transaction that uses the owner's answer up."""
    now, browser_hash, adding = pz.clock(), bytes.fromhex(values["browser"]), Adding(person_id=person_id)
    return pz.journeys.adding(pz.journeys.new(KIND, browser_hash, adding, now, now + LIFE, values["journey"]))

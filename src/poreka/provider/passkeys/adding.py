"""One more passkey at a bank, under way: stored from the moment the customer's present tool has said yes.

It begins with an operation of the current tool (`provider/changing_tools`), because whoever adds a passkey can sign in
with it ever after: a session that somebody took over is not enough. It goes on in `provider/passkeys`, in the browser
in which it was authorised, for one key.
"""

import msgspec

from poreka.provider.system import Bank
from poreka.store.database import Insert

KIND, LIFE = "passkey_adding", 10 * 60
PASSKEYS_PATH = "/settings/security/passkeys"


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored: whose key it will be."""

    person_id: str


def permitted(bank: Bank, journey_id: str, browser_hash: bytes, person_id: str) -> Insert:
    """The row of the journey, in the transaction that uses the tool's answer up."""
    now, adding = bank.clock(), Adding(person_id=person_id)
    return bank.journeys.adding(bank.journeys.new(KIND, browser_hash, adding, now, now + LIFE, journey_id))

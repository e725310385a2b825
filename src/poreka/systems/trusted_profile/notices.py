"""Notices to the owners of trusted profiles: what was done to a profile goes to the e-mail address it has (T6).

The subject is the first line. No link stands in them: people are taught that an honest message asks them to type
the address. None holds a PESEL, a code or a whole phone number.
"""

from collections.abc import Callable
from typing import Protocol

from poreka.rules.acts.act import Addresses
from poreka.rules.acts.table import ACTS
from poreka.store.database import Insert, Transaction
from poreka.store.fresh import Fresh
from poreka.store.outbox import Message, Outbox
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.settings.every_kind import CommonSettings
from poreka.web.texts import Texts

LIFE = 3 * 24 * 3600
"""Seconds for which it is worth trying to send one."""


class WritesToOwners(Protocol):
    """What it takes to write to an owner."""

    @property
    def settings(self) -> CommonSettings: ...
    @property
    def clock(self) -> Callable[[], int]: ...
    @property
    def fresh(self) -> Fresh: ...
    @property
    def outbox(self) -> Outbox: ...


def notice(pz: WritesToOwners, texts: Texts, to: OwnedProfile, kind: str, **values: object) -> Insert:
    """The e-mail that tells an owner; `kind` is the last part of a text's key."""
    now = pz.clock()
    message = Message(
        id=pz.fresh.id(),
        channel="email",
        recipient=to.email,
        body=texts(f"trusted.mail.{kind}", system=pz.settings.system.name, **values),
        about=f"profile:{to.id}",
        created_at=now,
        due_at=now,
        expires_at=now + LIFE,
    )
    return pz.outbox.adding(message)


async def tell(
    pz: TrustedProfileSystem,
    texts: Texts,
    transaction: Transaction,
    act: str,
    before: OwnedProfile,
    after: OwnedProfile | None = None,
    **values: object,
) -> None:
    """Tell everybody whom the row of an act names, at the address it names, in the transaction of the act."""
    for told in ACTS[act].told:
        to = (after or before) if told.to is Addresses.PRESENT else before
        await transaction.insert(notice(pz, texts, to, told.text.removeprefix("trusted.mail."), **values))

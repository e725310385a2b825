"""A clerk's key over one decision: what a page asks it to sign, and the check of what comes back.

A session that was left open decides nothing: confirming, refusing, proposing, approving and rejecting each take a
fresh touch of the clerk's own key. What it signs names the act and the case, and holds everything that was typed with
them, as the page's script writes it down (`saidIn` in `app.js`). It is checked here, used up once, and goes
with the decision to the trusted profile, which keeps it. Read next: `web/challenges.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from poreka.contracts.desk import KeySigned, signed_words
from poreka.store.database import AlreadyThere, Stale
from poreka.store.sessions import Session
from poreka.systems.desk.events import ClerkKeyRefused
from poreka.systems.desk.system import DeskSystem
from poreka.web.challenges import claim_challenge, new_challenge, taken_challenge
from poreka.web.passkeys import PasskeyRefused, check_use, key_text, key_used, options_to_use

FIELDS = ("token", "credential")
REFUSED = "desk.sign.refused"


@dataclass(frozen=True, slots=True)
class ToSign:
    """One decision: the act, the case, and the fields of the form that are signed with them."""

    act: str
    case: str
    fields: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What the key signs first."""
        return signed_words(self.act, self.case)

    def said(self, typed: Mapping[str, str]) -> str:
        """All that the key signs besides the page's token."""
        lines = (f"{name}={typed[name].replace(chr(13), '')}" for name in self.fields)
        return "\n".join((self.words, *lines))


async def to_sign(request: Request, desk: DeskSystem, session: Session, decision: ToSign) -> dict[str, Any]:
    """What `key_form` needs of a page."""
    keys = await desk.clerk_keys.of_clerk(session.person_id)
    return {
        "token": new_challenge(request, desk, _purpose(session, decision)),
        "options": options_to_use(desk.origin, [key.key_id for key in keys]),
        "words": decision.words,
        "signs": " ".join(decision.fields),
    }


async def signed_by_key(
    request: Request, desk: DeskSystem, session: Session, decision: ToSign, typed: Mapping[str, str]
) -> KeySigned | None:
    """The signature of the clerk's own key over this decision, used up; None where there is none."""
    said = decision.said(typed)
    try:
        bound = taken_challenge(request, desk, _purpose(session, decision), typed["token"])
        key = await desk.clerk_keys.by_key(key_used(typed["credential"]))
        if key is None or key.clerk_id != session.person_id:
            raise PasskeyRefused("another clerk's key")
        uses = check_use(typed["credential"], bound.challenge(said), desk.origin, key.public_key, key.uses)
        async with desk.database.transaction() as transaction:
            await transaction.insert(claim_challenge(bound))
            await desk.clerk_keys.use(transaction, key, uses, desk.clock())
    except (PasskeyRefused, AlreadyThere, Stale):
        await desk.audit.save(event=ClerkKeyRefused(person_id=session.person_id, purpose="decide"))
        return None
    return KeySigned(
        key=key.key_id,
        public_key=key_text(key.public_key),
        token=bound.token,
        said=said,
        assertion=typed["credential"],
    )


def _purpose(session: Session, decision: ToSign) -> str:
    return f"clerk-decides:{session.sid}:{decision.words}"

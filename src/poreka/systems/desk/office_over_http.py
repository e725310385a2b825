"""A desk's way to the trusted profile: what waits, what is decided, what is proposed, over HTTP.

docs/desk.openapi.yaml is the contract. Whatever keeps the trusted profile from answering as it says is `OfficeAway`:
the page says so, and that a decision may or may not have been taken. What it refuses, in words that both sides know,
is `OfficeSaidNo`.
"""

import asyncio
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from poreka.contracts import desk as messages
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import BackChannel, PeerFault
from poreka.outgoing.peer_away import PeerAway
from poreka.store.deadline import seconds_left
from poreka.web.failures import PageNotFound

T = TypeVar("T")
NO = frozenset(
    {
        "own_case",
        "not_signed",
        "same_clerk",
        "not_found",
        "decided",
        "held",
        "proposal_open",
        "pesel_held",
        "same_facts",
        "profile_ended",
        "invalid_request",
    }
)
"""The refusals of the contract."""


class OfficeAway(PeerAway):
    """The trusted profile gave no answer that could be used. It may have taken a decision before the answer was lost:
    the case itself says so."""

    kind, noted, maybe_sent = "office", "trusted profile away", True


class OfficeSaidNo(PageNotFound):
    """The trusted profile will not do that; `error` is one of `NO`. Where no handler catches it there is no page."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class _Refusal(msgspec.Struct, frozen=True):
    error: str


class ProfileOffice:
    """Asks the trusted profile at `origin`, with the token that it knows; each answer within `seconds`."""

    def __init__(self, channel: BackChannel, origin: str, token: str, seconds: float) -> None:
        self._channel, self._origin, self._seconds = channel, origin, seconds
        self._headers = {
            "accept": "application/json",
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
        }

    async def queue(self, by: messages.ClerkNamed) -> messages.Queue:
        """The applications that wait. Raises `OfficeAway`, `OfficeSaidNo`, as all of these do."""
        return await self._ask("/desk/applications", messages.ByClerk(clerk=by), messages.Queue)

    async def case(self, by: messages.ClerkNamed, number: str) -> messages.Case:
        """One application, with the facts to be compared."""
        return await self._ask(f"/desk/applications/{_part(number)}", messages.ByClerk(clerk=by), messages.Case)

    async def confirm(self, number: str, told: messages.Confirming) -> messages.CaseDecided:
        """The profile is valid from now on, unless a second clerk is needed."""
        return await self._ask(f"/desk/applications/{_part(number)}/confirm", told, messages.CaseDecided)

    async def refuse(self, number: str, told: messages.Refusing) -> messages.CaseDecided:
        """There will be no profile of this application."""
        return await self._ask(f"/desk/applications/{_part(number)}/refuse", told, messages.CaseDecided)

    async def find(self, by: messages.ClerkNamed, pesel: str) -> messages.Found:
        """The one valid profile of a PESEL."""
        return await self._ask("/desk/profiles", messages.Finding(clerk=by, pesel=pesel), messages.Found)

    async def profile(self, by: messages.ClerkNamed, profile_id: str) -> messages.ProfileShown:
        """A valid profile."""
        return await self._ask(f"/desk/profiles/{_part(profile_id)}", messages.ByClerk(clerk=by), messages.ProfileShown)

    async def propose(self, profile_id: str, told: messages.Proposing) -> messages.ProposalDecided:
        """Something for another clerk to decide."""
        return await self._ask(f"/desk/profiles/{_part(profile_id)}/proposals", told, messages.ProposalDecided)

    async def proposals(self, by: messages.ClerkNamed) -> messages.Proposals:
        """What is open."""
        return await self._ask("/desk/proposals", messages.ByClerk(clerk=by), messages.Proposals)

    async def proposal(self, by: messages.ClerkNamed, proposal_id: str) -> messages.ProposalTold:
        """One proposal."""
        told = messages.ByClerk(clerk=by)
        return await self._ask(f"/desk/proposals/{_part(proposal_id)}", told, messages.ProposalTold)

    async def approve(self, proposal_id: str, told: messages.Approving) -> messages.ProposalDecided:
        """It is carried out."""
        return await self._ask(f"/desk/proposals/{_part(proposal_id)}/approve", told, messages.ProposalDecided)

    async def reject(self, proposal_id: str, told: messages.Rejecting) -> messages.ProposalDecided:
        """It is not."""
        return await self._ask(f"/desk/proposals/{_part(proposal_id)}/reject", told, messages.ProposalDecided)

    async def _ask(self, path: str, document: Any, kind: type[T]) -> T:
        url, body = self._origin + path, msgspec.json.encode(document)
        try:
            async with asyncio.timeout(seconds_left(self._seconds)):
                request = Outgoing(method="POST", url=url, headers=self._headers, body=body)
                return _read(await self._channel.send(request), kind)
        except (PeerFault, TimeoutError) as fault:
            raise OfficeAway("the trusted profile cannot be reached") from fault


def _read(answer: Answer, kind: type[T]) -> T:
    try:
        if answer.status in (200, 201):
            return msgspec.json.decode(answer.body, type=kind)
        if answer.status in (400, 403, 404, 409):
            refusal = msgspec.json.decode(answer.body, type=_Refusal)
            if refusal.error in NO:
                raise OfficeSaidNo(refusal.error)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OfficeAway("the answer of the trusted profile cannot be read") from error
    raise OfficeAway(f"the trusted profile answered {answer.status}")


def _part(name: str) -> str:
    return quote(name, safe="")

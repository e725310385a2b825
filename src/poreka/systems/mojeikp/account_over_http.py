"""The patient account as its phone app asks it: docs/patient-account.openapi.yaml is the contract.

Whatever keeps the account from answering as it says is `AccountAway`: people are told to try again in a moment, and
nothing is made up.
"""

from urllib.parse import quote, urlencode

from poreka.contracts.patient_account import (
    AccountFound,
    AccountTold,
    DeviceCopied,
    FirstEntry,
    HistoryTold,
    LaterEntry,
    RecordKind,
    RecordsTold,
)
from poreka.outgoing.json_peer import JsonPeer
from poreka.outgoing.peer_away import PeerAway


class AccountAway(PeerAway):
    """The account gave no answer that could be used; the message is for the log and names nobody."""

    kind, noted = "account_away", "patient account unavailable"


class AccountUnknown(AccountAway):
    """There is no such account any more; callers that do not handle a deleted account show the retry page."""


class AccountOfAnother(Exception):
    """The account with this PESEL belongs to somebody whose other facts differ; nothing was opened."""


class AccountOverHttp(JsonPeer):
    """The patient account, as its app asks it."""

    away, gone = AccountAway, AccountUnknown

    async def enter(self, entry: FirstEntry) -> str:
        """Whose account it is, found or made; raises `AccountOfAnother`. Raises `AccountAway`, as all of these do."""
        answer = await self.send("/app/entries", entry)
        if answer.status == 409:
            raise AccountOfAnother
        return self.told(answer, AccountFound).account

    async def opened(self, account: str, entry: LaterEntry) -> None:
        """A bound device opened it; raises `AccountUnknown` as well."""
        answer = await self.send(f"/app/accounts/{quote(account, safe='')}/entries", entry)
        if answer.status != 204:
            raise self.refused(answer)

    async def copied(self, account: str, device: DeviceCopied) -> None:
        """A bound device was ended because a copy of its secret turned up."""
        answer = await self.send(f"/app/accounts/{quote(account, safe='')}/copied", device)
        if answer.status != 204:
            raise self.refused(answer)

    async def account(self, account: str, chosen: str) -> AccountTold:
        """For whom one may look, and how much there is; raises `AccountUnknown` as well, as the next two."""
        return await self.ask(f"/app/accounts/{quote(account, safe='')}{_for(chosen)}", AccountTold)

    async def records(self, account: str, kind: RecordKind, chosen: str) -> RecordsTold:
        """Records of one kind."""
        return await self.ask(f"/app/accounts/{quote(account, safe='')}/records/{kind}{_for(chosen)}", RecordsTold)

    async def history(self, account: str) -> HistoryTold:
        """Who entered, how and when."""
        return await self.ask(f"/app/accounts/{quote(account, safe='')}/history", HistoryTold)


def _for(chosen: str) -> str:
    return f"?{urlencode({'for': chosen})}" if chosen else ""

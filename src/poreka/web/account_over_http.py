"""The patient account and its phone app, each as the other asks it: docs/patient-account.openapi.yaml is the contract.

Reading is tried once more after a short, uneven pause; what changes something is sent once. Whatever keeps the other
side from answering as it says is `AccountAway`: people are told to try again in a moment, and nothing is made up.
"""

from typing import Any, Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from poreka.oidc.relying_party.exchange import Answer, Outgoing, media_type
from poreka.rules.account_messages import (
    AccountFound,
    AccountTold,
    BoundDevice,
    BoundDevices,
    DeviceCopied,
    FirstEntry,
    HistoryTold,
    LaterEntry,
    RecordKind,
    RecordsTold,
)
from poreka.store.peer_away import PeerAway
from poreka.web.back_channel import BackChannel, PeerFault
from poreka.web.peer_read import Pause, read, uneven_pause, within

T = TypeVar("T")


class AccountAway(PeerAway):
    """The other side gave no answer that could be used; the message is for the log and names nobody."""

    kind, noted = "account_away", "patient account unavailable"


class AccountUnknown(AccountAway):
    """There is no such account any more; whoever can do nothing about it treats it as no answer."""


class AccountOfAnother(Exception):
    """The account with this PESEL belongs to somebody whose other facts differ; nothing was opened."""


class _Other:
    """The other side at `origin`, which knows us by `secret`."""

    def __init__(
        self, channel: BackChannel, origin: str, secret: str, seconds: float, pause: Pause = uneven_pause
    ) -> None:
        self._channel, self._origin, self._seconds, self._pause = channel, origin, seconds, pause
        self._headers = {"accept": "application/json", "authorization": f"Bearer {secret}"}

    async def _ask(self, path: str, kind: type[T]) -> T:
        try:
            answer = await read(self._channel, self._request("GET", path), self._seconds, self._pause)
        except PeerFault as fault:
            raise AccountAway("not reached") from fault
        return _read(answer, kind)

    async def _send(self, path: str, document: object) -> Answer:
        try:
            return await within(self._channel, self._request("POST", path, document), self._seconds)
        except PeerFault as fault:
            raise AccountAway("not reached") from fault

    def _request(self, method: Literal["GET", "POST"], path: str, document: Any = None) -> Outgoing:
        headers = self._headers if document is None else {**self._headers, "content-type": "application/json"}
        body = b"" if document is None else msgspec.json.encode(document)
        return Outgoing(method=method, url=self._origin + path, headers=headers, body=body)


class AccountOverHttp(_Other):
    """The patient account, as its app asks it."""

    async def enter(self, entry: FirstEntry) -> str:
        """Whose account it is, found or made; raises `AccountOfAnother`. Raises `AccountAway`, as all of these do."""
        answer = await self._send("/app/entries", entry)
        if answer.status == 409:
            raise AccountOfAnother
        return _read(answer, AccountFound).account

    async def opened(self, account: str, entry: LaterEntry) -> None:
        """A bound device opened it; raises `AccountUnknown` as well."""
        answer = await self._send(f"/app/accounts/{quote(account, safe='')}/entries", entry)
        if answer.status != 204:
            raise _refused(answer)

    async def copied(self, account: str, device: DeviceCopied) -> None:
        """A bound device was ended because a copy of its secret turned up."""
        answer = await self._send(f"/app/accounts/{quote(account, safe='')}/copied", device)
        if answer.status != 204:
            raise _refused(answer)

    async def account(self, account: str, chosen: str) -> AccountTold:
        """For whom one may look, and how much there is; raises `AccountUnknown` as well, as the next two."""
        return await self._ask(f"/app/accounts/{quote(account, safe='')}{_for(chosen)}", AccountTold)

    async def records(self, account: str, kind: RecordKind, chosen: str) -> RecordsTold:
        """Records of one kind."""
        return await self._ask(f"/app/accounts/{quote(account, safe='')}/records/{kind}{_for(chosen)}", RecordsTold)

    async def history(self, account: str) -> HistoryTold:
        """Who entered, how and when."""
        return await self._ask(f"/app/accounts/{quote(account, safe='')}/history", HistoryTold)


class DevicesOverHttp(_Other):
    """The app, as the patient account asks it about the devices that are bound to an account."""

    async def of_account(self, account: str) -> tuple[BoundDevice, ...]:
        """An account's devices. Raises `AccountAway`."""
        return (await self._ask(f"/bound?{urlencode({'account': account})}", BoundDevices)).devices

    async def remove(self, account: str, device: str) -> None:
        """The device opens nothing when this returns. Raises `AccountAway`."""
        answer = await self._send(f"/bound/{quote(device, safe='')}/remove", {"account": account})
        if answer.status not in (204, 404):
            raise _refused(answer)


def _for(chosen: str) -> str:
    return f"?{urlencode({'for': chosen})}" if chosen else ""


def _read(answer: Answer, kind: type[T]) -> T:
    if answer.status != 200:
        raise _refused(answer)
    if media_type(answer) != "application/json":
        raise AccountAway("not JSON")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise AccountAway("not as the contract says") from None


def _refused(answer: Answer) -> Exception:
    return AccountUnknown() if answer.status == 404 else AccountAway(f"status {answer.status}")

"""Sending SMS through an SMS centre that speaks SMPP 3.4; one connection a process, opened when it is needed.

The centre answers each message with a name of its own for it, by which delivery reports come back. It recognises
no repetition, so a message that was written to the line and not answered is in doubt. A connection that broke
is opened again by the next message; the centre keeps reports until then. Texts: `sms_text.py`.
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from itertools import count

from aiosmpplib import NPI, TON, BindTransceiver, PhoneNumber, SmppCommandStatus, SubmitSm

from poreka.delivery.report_ids import ReportWatch, name_in_answer, name_in_report
from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.delivery.smpp_connection import (
    ConnectionLost,
    NotConnected,
    Receipt,
    Refused,
    SmppConnection,
    message_id,
    open_bound,
)
from poreka.delivery.sms_settings import SmppGateway
from poreka.delivery.sms_text import SmsText, TooLong, sms_parts
from poreka.rules.people.phone_number import POLISH, TakenNumbers, destination
from poreka.store.outbox import Message, Report

REPORTS: dict[str, Report] = {
    "DELIVRD": "delivered",
    "UNDELIV": "undelivered",
    "REJECTD": "undelivered",
    "EXPIRED": "undelivered",
    "DELETED": "undelivered",
}
NEVER = frozenset(
    {SmppCommandStatus.ESME_RINVDSTADR, SmppCommandStatus.ESME_RINVMSGLEN, SmppCommandStatus.ESME_RINVSRCADR}
)
UDH_INDICATOR = 0x40
MOST_REMEMBERED = 10_000

Told = Callable[[str, str, Report], Awaitable[bool]]
"""What a gateway reports: its own name for the message, our id of it if we still know it, what became of it.
False when no message of ours has this name."""


class SmppSms:
    """Hands text messages to one SMS centre; `told` hears its delivery reports."""

    recognises = False

    def __init__(
        self,
        gateway: SmppGateway,
        *,
        password: str,
        shown_name: str,
        taken: TakenNumbers = POLISH,
        told: Told,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.name, self._gateway, self._password, self._told = gateway.name, gateway, password, told
        self._tls = (tls or ssl.create_default_context()) if gateway.security == "tls" else None
        self._source = _source(shown_name)
        self._taken = taken
        self._connection: SmppConnection | None = None
        self._opening: asyncio.Task[SmppConnection] | None = None
        self._references, self._watch = count(), ReportWatch(gateway.name)
        self._ids: OrderedDict[str, str] = OrderedDict()  # of messages whose report may come before they are stored

    async def send(self, message: Message) -> str | None:
        """Hand the message over, part by part; raises `SendingFailed` or `MayHaveLeft`."""
        to = destination(message.recipient, self._taken)
        if to is None:
            raise SendingFailed("the recipient is no phone number that messages may go to", for_good=True)
        try:
            text = sms_parts(message.body, next(self._references) & 0xFF)
        except TooLong:
            raise SendingFailed("the text is too long for an SMS", for_good=True) from None
        connection = await self._bound()
        reference = None
        for place, part in enumerate(text.parts):
            reference = await self._submit(connection, self._pdu(to, text, part), first=place == 0)
        if reference:
            self._remember(reference, message.id)
        return reference

    async def aclose(self) -> None:
        """Take leave of the centre."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        if self._connection is not None:
            await self._connection.close()

    async def _submit(self, connection: SmppConnection, pdu: SubmitSm, *, first: bool) -> str:
        try:
            return name_in_answer(message_id(await connection.ask(pdu)), self._gateway.report_ids)
        except Refused as refusal:
            if not first:
                raise MayHaveLeft(f"the SMS centre took a part and refused another: {refusal}") from refusal
            raise SendingFailed(f"the SMS centre refused: {refusal}", for_good=refusal.status in NEVER) from refusal
        except ConnectionLost as lost:
            if first and isinstance(lost, NotConnected):
                raise SendingFailed("the connection to the SMS centre has ended") from lost
            raise MayHaveLeft("the SMS centre did not answer") from lost

    def _pdu(self, to: str, text: SmsText, part: bytes) -> SubmitSm:
        pdu = SubmitSm(
            short_message="-",  # the library wants a text; what is sent is the part
            source=self._source,
            destination=PhoneNumber(to, TON.INTERNATIONAL, NPI.ISDN),
            esm_class=UDH_INDICATOR if len(text.parts) > 1 else 0,
            registered_delivery=1 if self._gateway.reports else 0,
            encoding="ucs2" if text.data_coding else None,
        )
        pdu.set_encoded_message(part)
        return pdu

    async def _bound(self) -> SmppConnection:
        """The open connection; those who come while it is being opened wait for the same one."""
        if self._connection is not None and self._connection.is_open:
            return self._connection
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._open())
        try:
            return await asyncio.shield(self._opening)
        except (OSError, ConnectionLost, Refused) as fault:  # TimeoutError is an OSError
            why = str(fault) if isinstance(fault, Refused) else type(fault).__name__
            raise SendingFailed(f"the SMS centre cannot be reached: {why}") from None

    async def _open(self) -> SmppConnection:
        """Noted here and not by those who wait: whoever comes between must not open another."""
        gateway = self._gateway
        bind = BindTransceiver(system_id=gateway.system_id, password=self._password, system_type=gateway.system_type)
        self._connection = await open_bound(gateway.host, gateway.port, bind, self._heard, self._tls)
        return self._connection

    def _remember(self, reference: str, ours: str) -> None:
        self._ids[reference] = ours
        while len(self._ids) > MOST_REMEMBERED:
            self._ids.popitem(last=False)

    async def _heard(self, receipt: Receipt) -> None:
        report = REPORTS.get(receipt.state)
        if report is not None:
            name = name_in_report(receipt.reference, self._gateway.report_ids)
            fits = await self._told(name, self._ids.pop(name, ""), report)
            self._watch.saw(fits, receipt.reference, self._ids)


def _source(shown_name: str) -> PhoneNumber:
    """A name, a number with its country code, or a short number."""
    if not shown_name.isdigit():
        return PhoneNumber(shown_name, TON.ALPHANUMERIC, NPI.UNKNOWN)
    if len(shown_name) > 8:
        return PhoneNumber(shown_name, TON.INTERNATIONAL, NPI.ISDN)
    return PhoneNumber(shown_name, TON.UNKNOWN, NPI.UNKNOWN)

"""One connection to an SMS centre: bound as a transceiver, asked and asking, until either side ends it (SMPP 3.4).

PDUs that leave are made by aiosmpplib; those that come are read here, because centres answer with codes of their
own (0x400–0x4FF), send reports without text, and a connection must outlive both. Whoever waits for an answer when
the connection ends is told so: `ConnectionLost`. Which answer means what is said in `smpp.py`.
"""

import asyncio
import contextlib
import re
import ssl
import struct
from collections.abc import Awaitable, Callable
from itertools import count
from typing import NamedTuple

import structlog
from aiosmpplib import BindTransceiver, EnquireLink, SmppCommand, SmppCommandStatus, SmppMessage, Unbind

from poreka.delivery.sender import SECONDS_TO_ANSWER

log = structlog.get_logger()

HEADER = struct.Struct("!IIII")
ANSWER = 0x80000000  # the bit that tells an answer from a request (§5.1.2.1)
LARGEST_PDU = 64 * 1024
SECONDS_TO_CONNECT = 4.0
SECONDS_FOR_AN_ANSWER = SECONDS_TO_ANSWER
SECONDS_BETWEEN_SIGNS = 30.0
RECEIPT = 0x04  # in bits 2–5 of esm_class (§5.2.12)
RECEIPTED_MESSAGE_ID, MESSAGE_STATE = 0x001E, 0x0427
STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}  # §5.2.28


class ConnectionLost(Exception):
    """The connection ended, or no answer came in time."""


class NotConnected(ConnectionLost):
    """The connection had ended before: nothing was sent."""


class Refused(Exception):
    """The centre answered with another status than 0; `status` is it."""

    def __init__(self, status: int) -> None:
        known = status in SmppCommandStatus._value2member_map_
        super().__init__(SmppCommandStatus(status).name if known else f"status {status:#x}")
        self.status = status


class Receipt(NamedTuple):
    """A delivery report: the centre's name for the message, and the word for its state (appendix B)."""

    reference: str
    state: str


OnReceipt = Callable[[Receipt], Awaitable[None]]


class SmppConnection:
    """An open connection; made by `open_bound`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_receipt: OnReceipt) -> None:
        self._reader, self._writer, self._on_receipt = reader, writer, on_receipt
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._hearing: set[asyncio.Task[None]] = set()
        self.is_open, self._leaving = True, False
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._show_signs_of_life())]

    async def ask(self, message: SmppMessage) -> bytes:
        """Send a request and return the body of its answer; raises `Refused`, `ConnectionLost`."""
        if not self.is_open:
            raise NotConnected
        number = next(self._numbers) & 0x7FFFFFFF or next(self._numbers)
        message.sequence_num = number
        pdu: bytes = message.pdu()
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            async with asyncio.timeout(SECONDS_FOR_AN_ANSWER):
                self._writer.write(pdu)
                await self._writer.drain()
                return await answer
        except (TimeoutError, OSError):
            raise ConnectionLost from None
        finally:
            self._waiting.pop(number, None)

    async def close(self) -> None:
        """Take leave, and end."""
        self._leaving = True
        if self.is_open:
            with contextlib.suppress(ConnectionLost, Refused):
                await self.ask(Unbind())
        self._end()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _end(self) -> None:
        self.is_open = False
        self._writer.close()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionLost())
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _show_signs_of_life(self) -> None:
        try:
            while True:
                await asyncio.sleep(SECONDS_BETWEEN_SIGNS)
                await self.ask(EnquireLink())
        except (ConnectionLost, Refused):
            log.warning("SMS centre shows no sign of life")
            self._end()

    async def _read(self) -> None:
        try:
            while self.is_open:
                length, command, status, number = HEADER.unpack(await self._reader.readexactly(HEADER.size))
                if not HEADER.size <= length <= LARGEST_PDU:
                    raise ValueError("a PDU of an impossible length")
                await self._take(command, status, number, await self._reader.readexactly(length - HEADER.size))
        except (asyncio.IncompleteReadError, OSError, ValueError) as fault:
            if not self._leaving:
                log.warning("connection to the SMS centre ended", why=type(fault).__name__)
        finally:
            self._end()

    async def _take(self, command: int, status: int, number: int, body: bytes) -> None:
        if command & ANSWER:
            answer = self._waiting.get(number)
            if answer is not None and not answer.done():
                answer.set_exception(Refused(status)) if status else answer.set_result(body)
            return
        if command == SmppCommand.DELIVER_SM:
            task = asyncio.create_task(self._hear(number, read_receipt(body)))
            self._hearing.add(task)
            task.add_done_callback(self._hearing.discard)
        elif command in (SmppCommand.ENQUIRE_LINK, SmppCommand.UNBIND):
            self._answer(command | ANSWER, 0, number)
        else:
            self._answer(SmppCommand.GENERIC_NACK, SmppCommandStatus.ESME_RINVCMDID, number)
        if command == SmppCommand.UNBIND:
            raise ConnectionAbortedError

    async def _hear(self, number: int, receipt: Receipt | None) -> None:
        """The centre keeps a report until it is told that it was taken."""
        status = 0
        try:
            if receipt is not None:
                await self._on_receipt(receipt)
        except Exception as error:
            log.error("delivery report not taken", exc_info=error)
            status = SmppCommandStatus.ESME_RX_T_APPN
        self._answer(SmppCommand.DELIVER_SM | ANSWER, status, number, b"\0")

    def _answer(self, command: int, status: int, number: int, body: bytes = b"") -> None:
        if self.is_open:
            self._writer.write(HEADER.pack(HEADER.size + len(body), command, status, number) + body)


async def open_bound(
    host: str, port: int, bind: BindTransceiver, on_receipt: OnReceipt, tls: ssl.SSLContext | None
) -> SmppConnection:
    """Connect and bind; raises `OSError`, `TimeoutError`, `ConnectionLost`, `Refused`."""
    async with asyncio.timeout(SECONDS_TO_CONNECT):
        reader, writer = await asyncio.open_connection(host, port, ssl=tls)
    connection = SmppConnection(reader, writer, on_receipt)
    try:
        await connection.ask(bind)
    except BaseException:
        connection._end()
        raise
    return connection


def message_id(body: bytes) -> str:
    """The centre's name for a message, out of its answer to submit_sm (§4.4.2)."""
    return body.partition(b"\0")[0].decode("ascii", "replace")[:64]


def read_receipt(body: bytes) -> Receipt | None:
    """The delivery report in a deliver_sm (§4.6.1, appendix B); None when it is something else."""
    try:
        kind, text, extra = _opened(body)
    except (ValueError, IndexError, struct.error):
        return None
    if kind & 0x3C != RECEIPT:
        return None
    named, stated = re.search(rb"\bid:(\S{1,64})", text), re.search(rb"\bstat:([A-Z]+)", text)
    reference = named[1] if named else extra.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0")
    state = stated[1].decode() if stated else STATES.get(int.from_bytes(extra.get(MESSAGE_STATE, b"")), "")
    return Receipt(reference.decode("ascii", "replace"), state) if reference and state else None


def _opened(body: bytes) -> tuple[int, bytes, dict[int, bytes]]:
    """Of a deliver_sm: esm_class, the text, the optional parameters."""
    place = body.index(b"\0") + 1  # service_type
    for _ in ("source", "destination"):
        place = body.index(b"\0", place + 2) + 1  # two octets of type, then the address
    kind, place = body[place], place + 3
    for _ in ("schedule_delivery_time", "validity_period"):
        place = body.index(b"\0", place) + 1
    length, place = body[place + 4], place + 5
    text, place = body[place : place + length], place + length
    if place > len(body):
        raise ValueError("cut off")
    extra: dict[int, bytes] = {}
    while place < len(body):
        tag, size = struct.unpack_from("!HH", body, place)
        extra[tag] = body[place + 4 : place + 4 + size]
        place += 4 + size
    return kind, text, extra

"""Sending SMS through a gateway that takes one message for each HTTP request, shaped by its settings.

What stands in `{…}` in the gateway's fields and headers is filled in (`sms_settings.HttpGateway`). Any 2xx means
taken, unless the body matches `refusal`; so does what a gateway that recognises an `{id}` answers when it comes
again: 409, or a body that matches `known`. 4xx, but for 408 and 429, mean that this gateway will never take it. No
answer after the request began to leave, and an answer of 500, 502 or 504, leave it in doubt, unless the gateway's
contract says that it then took nothing (`not_taken`).
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote, urlencode

import msgspec

from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.delivery.sms_settings import PLACEHOLDER, HttpGateway
from poreka.delivery.sms_text import is_gsm
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerUnreachable
from poreka.rules.people.phone_number import POLISH, TakenNumbers, destination
from poreka.store.outbox import Message

TRY_AGAIN = frozenset({408, 429})
IN_DOUBT = frozenset({500, 502, 504})  # a server that failed in the middle, or a proxy that waited too long
BEFORE_ANYTHING_LEFT = frozenset({"address", "scheme", "name", "forbidden", "connect"})
READ_OF_ANSWER = 4096


class HttpSms:
    """Hands text messages to one gateway; `send` is the back channel's, `report_url` where it may report."""

    def __init__(
        self,
        exchange: Callable[[Outgoing], Awaitable[Answer]],
        gateway: HttpGateway,
        *,
        shown_name: str,
        taken: TakenNumbers = POLISH,
        secret: str = "",
        report_url: Callable[[str, str], str] = lambda _gateway, _id: "",
    ) -> None:
        self.name, self.recognises = gateway.name, gateway.recognises
        self._exchange, self._gateway = exchange, gateway
        self._always = {"from": shown_name, "secret": secret}
        self._taken, self._report_url = taken, report_url
        self._refusal, self._known = _pattern(gateway.refusal), _pattern(gateway.known)

    async def send(self, message: Message) -> None:
        """Hand the message over; raises `SendingFailed` or `MayHaveLeft`."""
        request = self._request(message)
        try:
            answer = await self._exchange(request)
        except PeerUnreachable as fault:
            if fault.reason in BEFORE_ANYTHING_LEFT:
                raise SendingFailed(f"the gateway cannot be reached: {fault.reason}") from fault
            raise MayHaveLeft(f"no answer from the gateway: {fault.reason}") from fault
        except Exception as fault:  # an answer that is too large, or not HTTP
            raise MayHaveLeft(f"no readable answer from the gateway: {type(fault).__name__}") from fault
        self._judge(answer)

    def _judge(self, answer: Answer) -> None:
        said = answer.body[:READ_OF_ANSWER]
        if self.recognises and (answer.status == 409 or (self._known and self._known.search(said))):
            return
        if answer.status in IN_DOUBT and answer.status not in self._gateway.not_taken:
            raise MayHaveLeft(f"the gateway answered {answer.status}")
        if not 200 <= answer.status < 300:
            for_good = 400 <= answer.status < 500 and answer.status not in TRY_AGAIN
            raise SendingFailed(f"the gateway answered {answer.status}", for_good=for_good)
        if self._refusal and self._refusal.search(said):
            raise SendingFailed("the gateway's answer is a refusal", for_good=True)

    def _request(self, message: Message) -> Outgoing:
        gateway, values = self._gateway, self._values(message)
        fields = {name: _filled(value, values) for name, value in gateway.fields.items()}
        headers = {name.lower(): _filled(value, values) for name, value in gateway.headers.items()}
        if any(not value.isascii() or not value.isprintable() for value in headers.values()):
            raise SendingFailed("a header can only hold printable ASCII", for_good=True)
        if gateway.body == "query":
            joint = "&" if "?" in gateway.url else "?"
            url = f"{gateway.url}{joint}{urlencode(fields, quote_via=quote)}"
            return Outgoing(method="GET", url=url, headers=headers)
        kind, body = {
            "json": ("application/json", msgspec.json.encode(fields)),
            "form": ("application/x-www-form-urlencoded", urlencode(fields).encode()),
            "text": ("text/plain; charset=UTF-8", message.body.encode()),
        }[gateway.body]
        return Outgoing(method="POST", url=gateway.url, headers={"content-type": kind, **headers}, body=body)

    def _values(self, message: Message) -> dict[str, str]:
        to = destination(message.recipient, self._taken)
        if to is None:
            raise SendingFailed("the recipient is no phone number that messages may go to", for_good=True)
        report = self._report_url(self.name, message.id)
        coding = "0" if is_gsm(message.body) else "2"
        own = {"id": message.id, "to": to, "text": message.body, "coding": coding, "report": report}
        return {**self._always, **own}


def _pattern(text: str) -> re.Pattern[bytes] | None:
    return re.compile(text.encode()) if text else None


def _filled(template: str, values: Mapping[str, str]) -> str:
    """In one pass: what is filled in is not looked at again."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], template)

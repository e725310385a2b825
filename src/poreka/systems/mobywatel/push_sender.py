"""Sending "a request waits" to one phone: the outbox's sender for the channel `web_push`.

A message names a phone; its subscription is looked up when it is sent, so that a removed phone gets nothing. A push
service that knows the subscription no more (404, 410) has it forgotten: the phone still sees its requests when the
app is opened. Where the address leads is looked at by the back channel: https, and public addresses only.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from poreka.delivery.sender import SendingFailed
from poreka.delivery.web_push import (
    CURVE,
    NotASubscription,
    authorization,
    encrypted,
    push_request,
    read_subscription,
)
from poreka.oidc.keys import SigningKey
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerFault
from poreka.store.outbox import Message
from poreka.systems.mobywatel.store.devices import Devices

CHANNEL = "web_push"
PAYLOAD = b'{"waiting":true}'
GONE = (404, 410)
LATER = (408, 429)


@dataclass(slots=True)
class PushSender:
    """Pushes to enrolled phones; `exchange` is the back channel's."""

    name = "push"
    recognises = True  # one topic a request: a repetition takes the place of the first

    devices: Devices
    exchange: Callable[[Outgoing], Awaitable[Answer]]
    key: SigningKey
    contact: str
    clock: Callable[[], int]

    async def send(self, message: Message) -> None:
        """Push it; raises `SendingFailed`."""
        device, now = await self.devices.load(message.recipient), self.clock()
        if device is None or device.subscription is None:
            raise SendingFailed("the phone takes no push messages any more", for_good=True)
        try:
            subscription = read_subscription(device.subscription)
        except NotASubscription as fault:
            raise SendingFailed("the subscription cannot be read", for_good=True) from fault
        body = encrypted(PAYLOAD, subscription, ec.generate_private_key(CURVE), self.devices.fresh.bytes(16))
        proof = authorization(subscription.endpoint, self.key, self.contact, now)
        seconds = max(message.expires_at - now, 0)
        try:
            answer = await self.exchange(
                push_request(subscription, body, proof, seconds=seconds, topic=message.about.partition(":")[2])
            )
        except PeerFault as fault:
            raise SendingFailed(f"the push service cannot be reached: {fault}") from fault
        if answer.status in GONE:
            await self.devices.subscribe(self.devices.database, device.id, None)
        if not 200 <= answer.status < 300:
            for_good = 400 <= answer.status < 500 and answer.status not in LATER
            raise SendingFailed(f"the push service answered {answer.status}", for_good=for_good)

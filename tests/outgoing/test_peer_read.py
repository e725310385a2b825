"""Asking another system for a request: no longer than the request still has."""

import asyncio

import pytest

from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerUnreachable
from poreka.outgoing.peer_read import read, within
from poreka.store.deadline import deadline

ASKED = Outgoing(method="GET", url="https://register.example/customers/1", headers={})


class Silent:
    """A channel whose other side never answers; its own bound is an hour."""

    async def send(self, request: Outgoing) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError


async def no_pause() -> None:
    return


async def test_a_question_and_its_second_try_end_with_the_request() -> None:
    channel = Silent()
    with deadline(0.05):
        with pytest.raises(PeerUnreachable, match="time"):
            await within(channel, ASKED, 3600)  # type: ignore[arg-type]
        with pytest.raises(PeerUnreachable, match="time"):
            await read(channel, ASKED, 3600, no_pause)  # type: ignore[arg-type]

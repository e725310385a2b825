"""Telling a relying party that a session has ended: the token, and what its answers mean."""

from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qs

import pytest

from poreka.delivery.hand_over import HandOver
from poreka.delivery.senders import LogoutSender
from poreka.delivery.worker import DeliveryWorker
from poreka.oidc.errors import TokenRefused
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.logout import check_logout_token
from poreka.oidc.relying_party.registration import Registration
from poreka.outgoing.back_channel import PeerUnreachable
from poreka.provider.build import _logout_token, _post
from poreka.rules.authorising.operation import OperationLimits
from tests.support.in_process import BankInProcess
from tests.support.relying_client import FapiClient


@dataclass
class RelyingParty:
    """Stands in for the back channel: answers with what it is told to, and keeps what it was sent."""

    statuses: list[int | None] = field(default_factory=list)
    got: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, request: Outgoing) -> Answer:
        status = self.statuses.pop(0) if self.statuses else 200
        if status is None:
            raise PeerUnreachable("connect")
        self.got.append((request.url, parse_qs(request.body.decode())["logout_token"][0]))
        return Answer(status=status, headers={}, body=b"")


@pytest.fixture
def relying_party() -> RelyingParty:
    return RelyingParty()


def worker_of(bank: BankInProcess, relying_party: RelyingParty) -> DeliveryWorker:
    system = bank.bank
    sender = LogoutSender(partial(_logout_token, system), partial(_post, relying_party))  # type: ignore[arg-type]
    return DeliveryWorker(
        HandOver(
            system.database, system.outbox, system.operations, {"logout": (sender,)}, bank.clock, OperationLimits()
        )
    )


def registered(bank: BankInProcess) -> Registration:
    return Registration(issuer=bank.bank.origin, client_id="other-fapi", redirect_uri="https://other.example/callback")


async def signed_in_there(bank: BankInProcess) -> tuple[FapiClient, dict[str, object], object]:
    """Jan is signed in at the relying party; its client, the ID token's claims, his browser."""
    await bank.agreed("other-fapi")
    browser = await bank.signed_in()
    client = bank.fapi("other-fapi", "https://other.example/callback")
    return client, await client.claims_of((await client.tokens(browser))["id_token"]), browser


async def test_signing_out_sends_a_token_that_a_relying_party_believes(
    bank: BankInProcess, relying_party: RelyingParty
) -> None:
    client, claims, browser = await signed_in_there(bank)
    await (await browser.open("/")).submit("/sign-out")  # type: ignore[attr-defined]
    assert await worker_of(bank, relying_party).send_due() == 1
    [(url, token)] = relying_party.got
    assert url == "https://other.example/logout"
    ended = check_logout_token(registered(bank), await client.published_keys(), token, bank.clock())
    assert (ended.issuer, ended.sub, ended.sid) == (bank.bank.origin, claims["sub"], claims["sid"])
    assert claims["sub"] != "jan"


async def test_withdrawing_the_consent_ends_every_session_of_the_person_there(
    bank: BankInProcess, relying_party: RelyingParty
) -> None:
    client, claims, browser = await signed_in_there(bank)
    record = await bank.bank.consents.in_force("jan", "other-fapi")
    assert record is not None
    page = await browser.open(f"/settings/security/consents/{record.id}/withdraw")  # type: ignore[attr-defined]
    await page.submit("/withdraw")
    await worker_of(bank, relying_party).send_due()
    token = relying_party.got[0][1]
    ended = check_logout_token(registered(bank), await client.published_keys(), token, bank.clock())
    assert (ended.sub, ended.sid) == (claims["sub"], None)


async def test_a_dead_relying_party_is_tried_again_with_a_fresh_token(
    bank: BankInProcess, relying_party: RelyingParty
) -> None:
    client, _, browser = await signed_in_there(bank)
    await (await browser.open("/")).submit("/sign-out")  # type: ignore[attr-defined]
    relying_party.statuses = [None, 503, 404, 200]
    worker = worker_of(bank, relying_party)
    for _ in range(3):
        assert await worker.send_due() == 0
        bank.clock.advance(400)
    assert await worker.send_due() == 1
    keys, first, last = await client.published_keys(), relying_party.got[0][1], relying_party.got[-1][1]
    with pytest.raises((TokenRefused, ProviderFault)):  # two minutes old
        check_logout_token(registered(bank), keys, first, bank.clock())
    check_logout_token(registered(bank), keys, last, bank.clock())
    bank.clock.advance(400)
    assert await worker.send_due() == 0


async def test_a_refused_token_is_not_sent_again(bank: BankInProcess, relying_party: RelyingParty) -> None:
    _, _, browser = await signed_in_there(bank)
    await (await browser.open("/")).submit("/sign-out")  # type: ignore[attr-defined]
    relying_party.statuses = [400]
    worker = worker_of(bank, relying_party)
    await worker.send_due()
    bank.clock.advance(1000)
    assert await worker.send_due() == 0
    assert len(relying_party.got) == 1


async def test_a_logout_token_of_another_client_or_with_a_nonce_is_no_logout_token(
    bank: BankInProcess, relying_party: RelyingParty
) -> None:
    """The ID Token, which anyone may hold who once signed in, ends no session."""
    client, _, browser = await signed_in_there(bank)
    id_token = (await client.tokens(browser))["id_token"]  # type: ignore[arg-type]
    with pytest.raises((TokenRefused, ProviderFault)):
        check_logout_token(registered(bank), await client.published_keys(), id_token, bank.clock())

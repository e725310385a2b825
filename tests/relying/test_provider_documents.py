import asyncio
from collections import Counter

import pytest

from poreka.oidc.errors import KeyUnknown
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.exchange import Answer
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.outgoing.back_channel import PeerUnreachable
from poreka.relying.provider_documents import ProviderDocuments
from poreka.store.deadline import deadline, seconds_left
from tests.oidc.relying_party.foreign_provider import (
    ISSUER,
    METADATA,
    NOW,
    OTHER_KEY,
    PROVIDER_KEY,
    json_answer,
    registration,
)

JWKS = METADATA["jwks_uri"]
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"


class Provider:
    """The network and the clock, as arguments."""

    def __init__(self) -> None:
        self.now = NOW
        self.asked: Counter[str] = Counter()
        self.answers: dict[str, Answer] = {
            DISCOVERY: json_answer(METADATA),
            JWKS: json_answer({"keys": [PROVIDER_KEY.public_jwk]}),
        }
        self.documents = ProviderDocuments({ISSUER: registration()}, self.fetch, lambda: self.now)

    async def fetch(self, url: str) -> Answer:
        self.asked[url] += 1
        await asyncio.sleep(0)
        if url not in self.answers:
            raise PeerUnreachable("connect")
        return self.answers[url]

    def rotate(self) -> None:
        self.answers[JWKS] = json_answer({"keys": [OTHER_KEY.public_jwk]})


@pytest.fixture
def provider() -> Provider:
    return Provider()


def kids(keys: KeySet) -> list[str | None]:
    return [key.kid for key in keys.keys]


def needs_the_other_key(keys: KeySet) -> str:
    return keys.choose(OTHER_KEY.kid, "ES256").thumbprint


async def test_documents_are_kept_for_ten_minutes(provider: Provider) -> None:
    for _ in range(3):
        assert (await provider.documents.metadata(ISSUER)).jwks_uri == JWKS
        assert kids(await provider.documents.keys(ISSUER)) == ["es-1"]
    assert provider.asked == {DISCOVERY: 1, JWKS: 1}
    provider.now += 599
    await provider.documents.keys(ISSUER)
    assert provider.asked[JWKS] == 1
    provider.now += 1
    await provider.documents.keys(ISSUER)
    assert provider.asked == {DISCOVERY: 2, JWKS: 2}


async def test_however_many_wait_it_is_fetched_once(provider: Provider) -> None:
    await asyncio.gather(*(provider.documents.keys(ISSUER) for _ in range(50)))
    assert provider.asked == {DISCOVERY: 1, JWKS: 1}


async def test_however_many_wait_it_fails_once(provider: Provider) -> None:
    del provider.answers[JWKS]
    failures = await asyncio.gather(*(provider.documents.keys(ISSUER) for _ in range(20)), return_exceptions=True)
    assert all(isinstance(failure, PeerUnreachable) for failure in failures)
    assert provider.asked[JWKS] == 1


async def test_one_who_goes_away_does_not_take_it_from_the_others(provider: Provider) -> None:
    impatient = asyncio.create_task(provider.documents.keys(ISSUER))
    patient = asyncio.create_task(provider.documents.keys(ISSUER))
    await asyncio.sleep(0)
    impatient.cancel()
    assert kids(await patient) == ["es-1"]
    assert provider.asked[JWKS] == 1


async def test_a_failure_nobody_waits_for_any_more_is_quiet(provider: Provider) -> None:
    del provider.answers[DISCOVERY]
    before = asyncio.all_tasks()
    impatient = asyncio.create_task(provider.documents.metadata(ISSUER))
    await asyncio.sleep(0)
    impatient.cancel()
    begun = asyncio.all_tasks() - before
    assert len(begun) == 2, "who asks, and the fetch that goes on"
    await asyncio.wait(begun)
    assert impatient.cancelled()


async def test_an_unknown_key_is_looked_for_once(provider: Provider) -> None:
    await provider.documents.keys(ISSUER)
    provider.now += 31
    provider.rotate()
    found = await provider.documents.with_keys(ISSUER, needs_the_other_key)
    assert found == OTHER_KEY.verification().thumbprint
    assert provider.asked[JWKS] == 2


async def test_made_up_key_names_cost_one_look_in_thirty_seconds(provider: Provider) -> None:
    await provider.documents.keys(ISSUER)
    provider.now += 31
    for _ in range(20):
        with pytest.raises(KeyUnknown):
            await provider.documents.with_keys(ISSUER, needs_the_other_key)
    assert provider.asked[JWKS] == 2
    provider.now += 30
    with pytest.raises(KeyUnknown):
        await provider.documents.with_keys(ISSUER, needs_the_other_key)
    assert provider.asked[JWKS] == 3


async def test_a_failed_look_counts_as_one_too(provider: Provider) -> None:
    await provider.documents.keys(ISSUER)
    provider.now += 31
    del provider.answers[JWKS]
    for _ in range(5):
        with pytest.raises(KeyUnknown):
            await provider.documents.with_keys(ISSUER, needs_the_other_key)
    assert provider.asked[JWKS] == 2


async def test_an_outage_of_an_hour_is_lived_through(provider: Provider) -> None:
    await provider.documents.keys(ISSUER)
    good = dict(provider.answers)
    provider.answers.clear()
    provider.now += 600 + 3599
    assert kids(await provider.documents.keys(ISSUER)) == ["es-1"]
    assert kids(await provider.documents.keys(ISSUER)) == ["es-1"]
    assert provider.asked[JWKS] == 2
    provider.now += 1
    with pytest.raises(PeerUnreachable):
        await provider.documents.keys(ISSUER)
    provider.answers.update(good)
    assert kids(await provider.documents.keys(ISSUER)) == ["es-1"]


async def test_a_document_that_went_bad_does_not_replace_a_good_one(provider: Provider) -> None:
    await provider.documents.keys(ISSUER)
    provider.answers[DISCOVERY] = json_answer({**METADATA, "issuer": "https://evil.example"})
    provider.now += 601
    assert (await provider.documents.metadata(ISSUER)).issuer == ISSUER


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"keys": []}, 404),
        json_answer({"keys": "none"}),
        json_answer({}),
        Answer(status=200, headers={"content-type": "application/json"}, body=b"<html>"),
    ],
)
async def test_keys_that_cannot_be_read(provider: Provider, answer: Answer) -> None:
    provider.answers[JWKS] = answer
    with pytest.raises(ProviderFault) as fault:
        await provider.documents.keys(ISSUER)
    assert fault.value.kind == "keys"


async def test_oidcc_client_test_discovery_jwks_uri_keys(provider: Provider) -> None:
    """Key sets come under their own media type as often as under the plain one."""
    served = provider.answers[JWKS]
    provider.answers[JWKS] = Answer(status=200, headers={"content-type": "application/jwk-set+json"}, body=served.body)
    assert kids(await provider.documents.keys(ISSUER)) == ["es-1"]


async def test_a_provider_that_cannot_do_what_we_need(provider: Provider) -> None:
    provider.answers[DISCOVERY] = json_answer({**METADATA, "dpop_signing_alg_values_supported": []})
    with pytest.raises(ProviderFault) as fault:
        await provider.documents.metadata(ISSUER)
    assert fault.value.kind == "unsupported"


async def test_one_who_has_no_time_left_waits_no_longer_and_the_others_get_it(provider: Provider) -> None:
    gate, left = asyncio.Event(), list[float]()

    async def slow(url: str) -> Answer:
        left.append(seconds_left(3600))
        await gate.wait()
        return await provider.fetch(url)

    documents = ProviderDocuments({ISSUER: registration()}, slow, lambda: provider.now)
    with deadline(0.05), pytest.raises(PeerUnreachable):
        await documents.metadata(ISSUER)
    patient = asyncio.create_task(documents.metadata(ISSUER))
    gate.set()
    assert (await patient).jwks_uri == JWKS
    assert left == [3600]  # fetched once, and not in the time of whoever asked first

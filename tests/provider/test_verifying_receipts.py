"""A consent receipt is verified by anyone, with the issuer's keys: without the command line."""

from typing import Any

import msgspec
import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.keys import SigningKey
from poreka.oidc.lasting.receipt import sign_receipt
from poreka.provider.consents.verifying import verified_receipt
from poreka.provider.issuer_keys import KeysAway, NoKeySet, OtherIssuer, fetched_keys, jwk_set
from tests.provider.rules.test_consent_receipt import receipt
from tests.support.relying_client import new_key

BANK = "https://bank.example"


def signed(key: SigningKey) -> str:
    said: Any = msgspec.to_builtins(receipt())
    return sign_receipt(said, key, issuer=BANK, receipt_id="r1", now=1_800_000_000)


class Keys:
    """Gives the keys of one bank, and remembers whose it was asked for."""

    def __init__(self, key: SigningKey) -> None:
        self.key, self.asked = key, list[str]()

    async def __call__(self, issuer: str) -> dict[str, Any]:
        self.asked.append(issuer)
        return {"keys": [self.key.public_jwk]}


async def test_the_keys_are_those_of_the_bank_that_the_receipt_names_or_of_the_expected_one() -> None:
    keys = Keys(new_key())
    found = await verified_receipt(signed(keys.key), keys_of=keys)
    assert (found.issuer, found.receipt_id) == (BANK, "r1")
    assert await verified_receipt(signed(keys.key), f"{BANK}/", keys) == found
    assert keys.asked == [BANK, BANK]


async def test_a_receipt_of_another_bank_or_key_and_what_is_none_are_refused() -> None:
    keys = Keys(new_key())
    with pytest.raises(OtherIssuer):
        await verified_receipt(signed(keys.key), "https://other.example", keys)
    with pytest.raises(TokenRefused):
        await verified_receipt(signed(new_key()), keys_of=keys)
    with pytest.raises(TokenRefused):
        await verified_receipt("nothing", keys_of=keys)


@pytest.mark.parametrize("issuer", ["http://bank.example", "https://10.0.0.1", "nonsense"])
async def test_keys_are_fetched_over_https_from_public_addresses_only(issuer: str) -> None:
    with pytest.raises(KeysAway) as away:
        await fetched_keys(issuer)
    assert away.value.address.startswith(issuer)


def test_what_is_no_key_set_is_refused() -> None:
    assert jwk_set(b'{"keys": []}') == {"keys": []}
    for content in (b"[]", b"\xff", b""):
        with pytest.raises(NoKeySet):
            jwk_set(content)

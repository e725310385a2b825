from typing import Any

import msgspec
import pytest

from poreka.oidc.relying_party.registration import Registration, VerifiedRequest
from tests.oidc.relying_party.foreign_provider import (
    HIGH,
    LOW,
    SUBSTANTIAL,
    plain_registration,
    registration,
)


def test_a_registration_is_configuration() -> None:
    read = msgspec.convert(
        {
            "issuer": "https://bank.example",
            "client_id": "c",
            "redirect_uri": "https://portal.example/callback",
            "verified": {"trust_framework": "pl_bank"},
            "claim_names": {"pesel": "https://names.example/personIdentifier"},
        },
        Registration,
    )
    assert read.profile == "fapi2"
    assert read.requested_facts == {"given_name", "family_name", "pesel"}
    assert read.claim_names.pesel == "https://names.example/personIdentifier"


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": ("identity",)},
        {"minimum_acr": "urn:unheard-of"},
        {"id_token_algorithms": ("RS256",)},
        {"userinfo_algorithms": ("HS256",)},
        {"signing_algorithm": "none"},
        {"use_par": False},
        {"use_dpop": False},
        {"client_authentication": "client_secret_post"},
    ],
)
def test_a_fapi2_registration_keeps_the_promise_of_its_profile(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        registration(**changes)


def test_only_fapi2_may_ask_for_a_pesel() -> None:
    assert plain_registration().requested_facts == {"given_name", "family_name"}
    for asked in ({"claims": ("pesel",)}, {"verified": VerifiedRequest()}):
        with pytest.raises(ValueError, match="PESEL"):
            plain_registration(**asked)


def test_stronger_levels_will_do_too() -> None:
    assert registration().acceptable_levels(SUBSTANTIAL) == (SUBSTANTIAL, HIGH)
    assert registration().acceptable_levels(LOW) == (LOW, SUBSTANTIAL, HIGH)

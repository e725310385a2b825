import pytest

from poreka.oidc.errors import KeyUnknown, TokenRefused
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback, told_of


def test_a_refused_token_is_the_providers_fault() -> None:
    with pytest.raises(ProviderFault) as fault, told_of("id_token"):
        raise TokenRefused("The token has expired.", detail="by a year")
    assert (fault.value.kind, fault.value.description, fault.value.detail) == (
        "id_token",
        "The token has expired.",
        "by a year",
    )


def test_an_unknown_key_stays_what_it_is() -> None:
    with pytest.raises(KeyUnknown), told_of("id_token"):
        raise KeyUnknown("unknown")


def test_nothing_happens_when_nothing_is_wrong() -> None:
    with told_of("id_token"):
        pass


def test_what_is_told_is_apart_from_what_is_logged() -> None:
    stray = StrayCallback("late", "The sign-in took too long.", "by an hour")
    assert (stray.kind, str(stray), stray.detail) == ("late", "The sign-in took too long.", "by an hour")

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.errors import SentToClient
from poreka.oidc.provider.requested_level import requested_level
from tests.oidc.provider.samples import ACR, request


def level(**changes: Any) -> str | None:
    return requested_level(request(**changes), ACR)


def test_rfc_9470_4_the_lowest_level_that_satisfies_is_asked_for() -> None:
    assert level(acr_values="high substantial") == "substantial"
    assert level(acr_values="substantial urn:unknown") == "substantial"
    assert level() is None


def test_core_5_5_1_1_unknown_levels_are_passed_over_unless_essential() -> None:
    assert level(acr_values="urn:unknown") is None
    with pytest.raises(SentToClient) as refused:
        level(claims='{"id_token":{"acr":{"value":"urn:unknown","essential":true}}}')
    assert refused.value.error == "unmet_authentication_requirements"


@given(st.lists(st.sampled_from([*ACR, "urn:unknown"]), min_size=1))
def test_no_level_that_was_asked_for_is_lower_than_the_one_that_counts(asked: list[str]) -> None:
    known = [ACR.index(value) for value in asked if value in ACR]
    found = level(acr_values=" ".join(asked))
    assert (ACR.index(found) if found else None) == min(known, default=None)

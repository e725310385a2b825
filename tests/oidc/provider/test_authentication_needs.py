from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.errors import SentToClient
from poreka.oidc.provider.authentication_needs import (
    ChoiceNeeded,
    ConsentNeeded,
    Needed,
    NothingNeeded,
    SessionFacts,
    SignInNeeded,
    StepUpNeeded,
    reaches,
    what_is_needed,
)
from tests.oidc.provider.samples import ACR, request
from tests.oidc.signing_keys import NOW


def session(**changes: Any) -> SessionFacts:
    return SessionFacts(**{"subject": "pairwise", "auth_time": NOW - 100, "acr": "substantial", **changes})


def needed(
    has: SessionFacts | None,
    consent: Literal["standing", "just_given", "missing"] = "standing",
    reachable: str = "high",
    **changes: Any,
) -> Needed:
    return what_is_needed(request(**changes), has, consent=consent, acr_order=ACR, reachable=reachable, now=NOW)


def test_a_standing_session_and_consent_suffice() -> None:
    assert needed(session()) == NothingNeeded()
    assert needed(session(), prompt="none") == NothingNeeded()


@pytest.mark.parametrize(
    ("has", "changes", "why"),
    [
        (None, {}, "no_session"),
        (session(), {"prompt": "login"}, "asked_to"),
        (session(), {"max_age": "99"}, "too_long_ago"),
        (session(auth_time=NOW), {"max_age": "0"}, "too_long_ago"),
        (session(), {"claims": '{"id_token":{"sub":{"value":"somebody"}}}'}, "other_person"),
        (session(fresh=True), {"claims": '{"id_token":{"sub":{"value":"somebody"}}}'}, "other_person"),
    ],
)
def test_core_3_1_2_1_when_a_sign_in_is_needed(has: SessionFacts | None, changes: dict[str, Any], why: Any) -> None:
    assert needed(has, **changes) == SignInNeeded(why)


def test_a_fresh_sign_in_satisfies_login_and_max_age() -> None:
    assert needed(session(fresh=True), prompt="login select_account", max_age="0") == NothingNeeded()
    assert needed(session(), max_age="100") == NothingNeeded()


def test_rfc_9470_4_a_level_not_reached_asks_for_a_step_up_to_the_lowest_that_satisfies() -> None:
    assert needed(session(acr="low"), acr_values="high substantial") == StepUpNeeded("substantial")
    assert needed(session(acr="high"), acr_values="substantial") == NothingNeeded()
    assert needed(session(acr="unknown"), acr_values="low") == StepUpNeeded("low")


def test_rfc_9470_5_what_cannot_be_reached_is_said_so() -> None:
    with pytest.raises(SentToClient) as refused:
        needed(None, reachable="substantial", acr_values="high")
    assert refused.value.error == "unmet_authentication_requirements"


def test_core_5_5_1_1_unknown_levels_are_passed_over_unless_essential() -> None:
    assert needed(session(), acr_values="urn:unknown") == NothingNeeded()
    with pytest.raises(SentToClient) as refused:
        needed(session(), claims='{"id_token":{"acr":{"value":"urn:unknown","essential":true}}}')
    assert refused.value.error == "unmet_authentication_requirements"


def test_choice_and_consent() -> None:
    assert needed(session(), prompt="select_account") == ChoiceNeeded()
    assert needed(session(chosen=True), prompt="select_account") == NothingNeeded()
    assert needed(session(), "missing") == ConsentNeeded()
    assert needed(session(), prompt="consent") == ConsentNeeded()
    assert needed(session(), "just_given", prompt="consent") == NothingNeeded()


@pytest.mark.parametrize(
    ("has", "consent", "changes", "error"),
    [
        (None, "standing", {}, "login_required"),
        (session(), "standing", {"max_age": "1"}, "login_required"),
        (session(acr="low"), "standing", {"acr_values": "high"}, "interaction_required"),
        (session(), "missing", {}, "consent_required"),
    ],
)
def test_core_3_1_2_6_prompt_none_turns_every_need_into_an_error(
    has: SessionFacts | None, consent: Any, changes: dict[str, Any], error: str
) -> None:
    with pytest.raises(SentToClient) as refused:
        needed(has, consent, prompt="none", **changes)
    assert refused.value.error == error


def test_a_choice_cannot_be_made_silently() -> None:
    from poreka.oidc.provider import authentication_needs

    with pytest.raises(SentToClient) as refused:
        authentication_needs._without_asking(ChoiceNeeded())
    assert refused.value.error == "account_selection_required"


@given(st.sampled_from(ACR), st.sampled_from(ACR))
def test_levels_are_a_linear_order(one: str, other: str) -> None:
    assert reaches(one, other, ACR) == (ACR.index(one) >= ACR.index(other))


@given(
    st.none()
    | st.builds(session, auth_time=st.integers(NOW - 200, NOW), acr=st.sampled_from(ACR), fresh=st.booleans()),
    st.sampled_from(["standing", "just_given", "missing"]),
    st.sampled_from([None, "low", "substantial", "high"]),
    st.sampled_from([None, "0", "50", "150"]),
)
def test_prompt_none_never_asks_and_nothing_is_needed_only_when_all_is_met(
    has: SessionFacts | None, consent: Any, acr: str | None, max_age: str | None
) -> None:
    changes = {"acr_values": acr, "max_age": max_age}
    asked = needed(has, consent, **changes)
    try:
        silent: Needed | None = needed(has, consent, prompt="none", **changes)
    except SentToClient:
        silent = None
    assert (silent == NothingNeeded()) == (asked == NothingNeeded())
    if asked == NothingNeeded():
        assert has is not None
        assert consent != "missing"
        assert acr is None or reaches(has.acr, acr, ACR)

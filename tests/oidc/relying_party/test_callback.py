import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.relying_party.callback import Code, ProviderSaidNo, Reason, check_callback
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback
from tests.oidc.relying_party.foreign_provider import ISSUER, NOW, begun, metadata

STATE = "state-of-this-browser"
GOOD = {"code": "code-1", "state": STATE, "iss": ISSUER}


def call(
    parameters: dict[str, str] | list[tuple[str, str]], *, promises_iss: bool = True, now: int = NOW
) -> Code | ProviderSaidNo:
    pairs = parameters if isinstance(parameters, list) else list(parameters.items())
    there = metadata(authorization_response_iss_parameter_supported=promises_iss)
    return check_callback(begun().pending, there, pairs, now)


def test_fapi2_security_profile_final_client_test_happy_path() -> None:
    assert call(GOOD) == Code(code="code-1")


def test_unknown_parameters_are_ignored() -> None:
    assert call({**GOOD, "session_state": "x", "scope": "openid"}) == Code(code="code-1")


def test_fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_state_fails() -> None:
    with pytest.raises(StrayCallback) as stray:
        call({**GOOD, "state": "another browser's"})
    assert stray.value.kind == "state"


def test_fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_missing_state_fails() -> (
    None
):
    for parameters in ({"code": "code-1", "iss": ISSUER}, {**GOOD, "state": ""}):
        with pytest.raises(StrayCallback):
            call(parameters)


def test_fapi2_security_profile_final_client_test_invalid_authorization_response_iss() -> None:
    for issuer in ("https://evil.example", ISSUER + "/", "https://föreign.example"):
        with pytest.raises(ProviderFault) as mix_up:
            call({**GOOD, "iss": issuer}, promises_iss=False)
        assert mix_up.value.kind == "issuer"


def test_fapi2_security_profile_final_client_test_remove_authorization_response_iss() -> None:
    bare = {"code": "code-1", "state": STATE}
    with pytest.raises(ProviderFault) as fault:
        call(bare)
    assert fault.value.kind == "issuer"
    assert call(bare, promises_iss=False) == Code(code="code-1")


def test_metadata_of_another_provider_is_a_mix_up() -> None:
    with pytest.raises(ProviderFault):
        check_callback(begun().pending, metadata(issuer="https://other.example"), list(GOOD.items()), NOW)


@pytest.mark.parametrize("name", ["code", "state", "iss", "error", "unknown"])
def test_a_repeated_parameter_is_refused(name: str) -> None:
    pairs = [*GOOD.items(), (name, "a"), (name, "b")]
    with pytest.raises(ProviderFault):
        call(pairs)


def test_absurd_sizes_are_refused() -> None:
    with pytest.raises(ProviderFault):
        call({**GOOD, "code": "c" * 5000})
    with pytest.raises(ProviderFault):
        call([*GOOD.items(), *((f"p{number}", "1") for number in range(100))])


def test_an_answer_after_half_an_hour_is_late() -> None:
    assert call(GOOD, now=NOW + 1799) == Code(code="code-1")
    with pytest.raises(StrayCallback) as late:
        call(GOOD, now=NOW + 1800)
    assert late.value.kind == "late"


@pytest.mark.parametrize("name", ["response", "id_token", "access_token", "token_type"])
def test_what_was_not_asked_for_is_refused(name: str) -> None:
    with pytest.raises(ProviderFault) as fault:
        call({**GOOD, name: "x"})
    assert fault.value.detail == name


@pytest.mark.parametrize("code", ["", "cöde", "co\nde"])
def test_an_unusable_code(code: str) -> None:
    with pytest.raises(ProviderFault):
        call({**GOOD, "code": code})


@pytest.mark.parametrize("reason", ["cancelled", "refused", "aborted", "expired"])
def test_the_provider_says_no_and_why(reason: Reason) -> None:
    no = {"error": "access_denied", "error_description": "Sorry", "state": STATE, "iss": ISSUER}
    assert call({**no, "poreka_reason": reason}) == ProviderSaidNo(
        error="access_denied", description="Sorry", reason=reason
    )


def test_the_provider_says_no_without_more() -> None:
    no = {"error": "login_required", "state": STATE, "iss": ISSUER, "poreka_reason": "made up"}
    assert call(no) == ProviderSaidNo(error="login_required", description="", reason=None)


def test_an_error_is_not_believed_before_its_sender_is_known() -> None:
    with pytest.raises(StrayCallback):
        call({"error": "access_denied", "iss": ISSUER})
    with pytest.raises(ProviderFault):
        call({"error": "access_denied", "state": STATE, "iss": "https://evil.example"})
    with pytest.raises(ProviderFault):
        call({"error": "access_denied", "state": STATE})


def test_yes_and_no_at_once() -> None:
    with pytest.raises(ProviderFault):
        call({**GOOD, "error": "access_denied"})


def test_the_description_is_cut_and_cleaned() -> None:
    no = {"error": "a\x1b" * 80, "error_description": "a\nb" + "ą" + "c" * 500, "state": STATE, "iss": ISSUER}
    said = call(no)
    assert isinstance(said, ProviderSaidNo)
    assert len(said.error) <= 64
    assert len(said.description) <= 200
    assert said.description.startswith("abc")


@given(st.lists(st.tuples(st.sampled_from(["code", "state", "iss", "error", "x"]), st.text(max_size=30)), max_size=6))
def test_nothing_made_up_gets_a_code_through(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises((ProviderFault, StrayCallback)):
        call(pairs)

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.errors import Destination, SentToClient
from poreka.oidc.jose import verify
from poreka.oidc.provider.authorization_response import (
    REASONS,
    RESPONSE_LIFE,
    access_denied,
    error_parameters,
    is_posted,
    is_signed,
    redirect_address,
    signed_response,
    success_parameters,
)
from poreka.oidc.provider.request_parameters import RESPONSE_MODES
from tests.oidc.provider.samples import BACK, ISSUER
from tests.oidc.signing_keys import NOW, key_set, signing_key


def test_rfc_9207_every_answer_names_the_issuer() -> None:
    where = Destination(redirect_uri=BACK, state="s")
    assert success_parameters(where, "c", ISSUER) == {"code": "c", "state": "s", "iss": ISSUER}
    assert error_parameters(SentToClient("x", "Words.", detail="secret"), where, ISSUER) == {
        "error": "x",
        "error_description": "Words.",
        "state": "s",
        "iss": ISSUER,
    }
    assert "state" not in success_parameters(Destination(redirect_uri=BACK), "c", ISSUER)


def test_a_refusal_says_how_it_ended_to_whom_it_is_registered_for_and_never_why() -> None:
    for reason in REASONS:
        told = error_parameters(access_denied(reason), Destination(redirect_uri=BACK, poreka_reason=True), ISSUER)
        assert (told["error"], told["poreka_reason"]) == ("access_denied", reason)


def test_user_rejects_authentication_without_a_parameter_that_no_standard_knows() -> None:
    told = error_parameters(access_denied("cancelled"), Destination(redirect_uri=BACK), ISSUER)
    assert told.keys() == {"error", "error_description", "iss"}


@given(
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)),
    st.sampled_from([BACK, BACK + "?tenant=a%20b"]),
)
def test_rfc_6749_3_1_2_the_registered_query_stays_and_nothing_can_break_out(state: str, back: str) -> None:
    where = Destination(redirect_uri=back, state=state)
    address = redirect_address(where, success_parameters(where, "c", ISSUER))
    assert address.startswith(back)
    parts = urlsplit(address)
    assert parts.netloc == "portal.example"
    assert not parts.fragment
    read = parse_qsl(parts.query, keep_blank_values=True)
    assert read[-3:] == [("code", "c"), ("state", state), ("iss", ISSUER)]


def test_jarm_2_1_a_signed_answer_holds_all_parameters_for_this_client_and_not_for_long() -> None:
    where = Destination(redirect_uri=BACK, state="s", response_mode="jwt", client_id="portal")
    key = signing_key("own")
    answer = signed_response(success_parameters(where, "c", ISSUER), where, issuer=ISSUER, key=key, now=NOW)
    assert set(answer) == {"response"}
    assert verify(answer["response"], key_set(key), frozenset({"ES256"})) == {
        "code": "c", "state": "s", "iss": ISSUER, "aud": "portal", "iat": NOW, "exp": NOW + RESPONSE_LIFE,
    }  # fmt: skip


def test_jarm_2_3_which_modes_are_signed_and_which_travel_in_a_form() -> None:
    modes = {mode: Destination(redirect_uri=BACK, response_mode=mode) for mode in RESPONSE_MODES}
    assert {mode for mode, one in modes.items() if is_signed(one)} == {"jwt", "query.jwt", "form_post.jwt"}
    assert {mode for mode, one in modes.items() if is_posted(one)} == {"form_post", "form_post.jwt"}

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.errors import Destination, SentToClient
from poreka.oidc.provider.authorization_response import (
    REASONS,
    access_denied,
    error_parameters,
    redirect_address,
    success_parameters,
)
from tests.oidc.provider.samples import BACK, ISSUER


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


def test_a_refusal_says_how_it_ended_and_never_why() -> None:
    for reason in REASONS:
        told = error_parameters(access_denied(reason), Destination(redirect_uri=BACK), ISSUER)
        assert (told["error"], told["poreka_reason"]) == ("access_denied", reason)


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

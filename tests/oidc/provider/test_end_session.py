from typing import Any

import pytest

from poreka.oidc.errors import ShownToPerson
from poreka.oidc.jose import sign
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.end_session import Logout, check_logout, read_logout
from tests.oidc.provider.samples import ISSUER, OWN_KEY, client
from tests.oidc.signing_keys import key_set, signing_key

HINT = {"iss": ISSUER, "aud": "portal", "sub": "pairwise", "sid": "sid-1", "exp": 1}
BYE = "https://portal.example/bye"


KNOWN = client()


def logout(session_sid: str | None = "sid-1", known: Any = KNOWN, **given: str) -> Logout:
    asked = read_logout(Parameters.of_pairs(given.items()), key_set(OWN_KEY), issuer=ISSUER)
    return check_logout(asked, known, session_sid=session_sid)


def test_rp_initiated_logout_2_an_expired_hint_of_this_session_needs_no_confirmation() -> None:
    found = logout(id_token_hint=sign(HINT, OWN_KEY), post_logout_redirect_uri=BYE, state="a b")
    assert found == Logout(client_id="portal", return_address=BYE + "?state=a+b", confirm=False)


def test_without_proof_of_this_session_the_person_is_asked() -> None:
    assert logout(client_id="portal").confirm
    assert logout(id_token_hint=sign({**HINT, "sid": "other"}, OWN_KEY)).confirm
    assert logout(id_token_hint=sign({**HINT, "sid": None}, OWN_KEY)).confirm
    assert logout(known=None) == Logout(client_id=None, return_address=None, confirm=True)
    assert not logout(None, client_id="portal").confirm


def test_a_hint_signed_by_a_key_long_gone_counts_as_none() -> None:
    found = logout(id_token_hint=sign(HINT, signing_key("gone")), client_id="portal", post_logout_redirect_uri=BYE)
    assert found == Logout(client_id="portal", return_address=BYE, confirm=True)


def test_a_registered_query_stays() -> None:
    registered = client(post_logout_redirect_uris=(BYE + "?a=b",))
    found = logout(known=registered, client_id="portal", post_logout_redirect_uri=BYE + "?a=b", state="s")
    assert found.return_address == BYE + "?a=b&state=s"


@pytest.mark.parametrize(
    "given",
    [
        {"client_id": "other"},
        {"client_id": "portal", "post_logout_redirect_uri": "https://evil.example"},
        {"client_id": "portal", "post_logout_redirect_uri": BYE + "/"},
        {"client_id": "portal", "state": "s" * 1025},
        {"id_token_hint": "x"},
        {"id_token_hint": sign({**HINT, "aud": "other"}, OWN_KEY), "client_id": "portal"},
    ],
)
def test_rp_initiated_logout_3_nothing_unregistered_is_returned_to(given: dict[str, str]) -> None:
    with pytest.raises(ShownToPerson):
        logout(**given)


def test_an_unknown_client_cannot_be_returned_to() -> None:
    for given in ({"client_id": "portal"}, {"post_logout_redirect_uri": BYE}):
        with pytest.raises(ShownToPerson):
            logout(known=None, **given)


def test_repeated_parameters_are_shown() -> None:
    with pytest.raises(ShownToPerson):
        read_logout(Parameters.of_pairs([("state", "a"), ("state", "b")]), key_set(OWN_KEY), issuer=ISSUER)

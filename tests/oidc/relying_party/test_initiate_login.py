import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.relying_party.faults import LoginRequestRefused
from poreka.oidc.relying_party.initiate_login import check_initiated_login, check_own_page
from tests.oidc.relying_party.foreign_provider import ISSUER, registration

OWN = "https://portal.example"
KNOWN = {ISSUER: registration()}


def test_oidcc_client_test_3rd_party_init_login() -> None:
    asked = check_initiated_login(
        [("iss", ISSUER), ("target_link_uri", f"{OWN}/letters?new=1"), ("login_hint", "02070803628")],
        KNOWN,
        OWN,
    )
    assert asked.registration is KNOWN[ISSUER]
    assert asked.target == f"{OWN}/letters?new=1"


def test_without_a_page_the_usual_one() -> None:
    assert check_initiated_login([("iss", ISSUER)], KNOWN, OWN).target is None


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("iss", "")],
        [("iss", "https://unknown.example")],
        [("iss", ISSUER + "/")],
        [("iss", ISSUER), ("iss", "https://unknown.example")],
        [("iss", ISSUER), ("target_link_uri", OWN), ("target_link_uri", "https://evil.example")],
    ],
)
def test_an_unknown_provider_or_an_ambiguous_request(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(LoginRequestRefused):
        check_initiated_login(pairs, KNOWN, OWN)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "https://portal.example.evil.example/",
        "https://portal.example@evil.example/",
        "https://portal.example\\@evil.example/",
        "https://portal.example:8443/",
        "http://portal.example/",
        "//portal.example/",
        "/letters",
        "javascript:alert(1)",
        "https://portal.example//evil.example/",
        "https://portal.example/\r\nSet-Cookie: a=b",
    ],
)
def test_only_pages_of_our_own(target: str) -> None:
    with pytest.raises(LoginRequestRefused):
        check_own_page(target, OWN)


def test_the_same_origin_written_otherwise() -> None:
    assert check_own_page("https://PORTAL.example:443/a", OWN) == "https://PORTAL.example:443/a"


@given(st.text(max_size=50) | st.text(alphabet="/\\@:.#?evil", max_size=30).map(OWN.__add__))
def test_nothing_leads_elsewhere(target: str) -> None:
    try:
        page = check_own_page(target, OWN)
    except LoginRequestRefused:
        return
    assert page == target
    assert (
        page.lower().startswith(
            (OWN + "/", OWN + "?", OWN + ":443"),
        )
        or page.lower() == OWN
    )

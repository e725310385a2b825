"""A relying party asks to sign the person out at the bank too (RP-Initiated Logout 1.0).

And signing out of the bank tells the relying parties.
"""

from tests.support.bank_visits import at_the_portal, signed_in, signed_out_of_the_portal
from tests.support.server import Demo
from tests.support.visit import Visitor


def test_what_cannot_show_that_it_means_this_session_is_asked_first(demo: Demo, visitor: Visitor) -> None:
    signed_in(demo, visitor, "stanislaw")
    back = demo.url("pue", "/signed-out")
    asked = demo.url("millenet", f"/end-session?client_id=pue&post_logout_redirect_uri={back}&state=abc")
    page = visitor.open(asked)
    assert "Wylogować się także tutaj" in page.heading
    assert "PUE ZUS" in page.text
    stays = page.submit("Nie wylogowuj")
    assert stays.url == f"{back}?state=abc"
    assert visitor.open(demo.url("millenet")).heading == "Dzień dobry"
    assert visitor.open(asked).submit("Wyloguj").url == f"{back}?state=abc"
    assert visitor.open(demo.url("millenet")).heading == "Logowanie: Millenet"


def test_a_post_from_another_site_becomes_a_get(demo: Demo, visitor: Visitor) -> None:
    signed_in(demo, visitor, "stanislaw")
    asked = demo.url("millenet", "/end-session")
    page = visitor.go("POST", asked, origin=demo.url("pue"), data={"client_id": ["pue"]})
    assert "Wylogować się także tutaj" in page.heading


def test_bad_requests_are_shown_and_lead_nowhere(demo: Demo, visitor: Visitor) -> None:
    bad = (
        "client_id=unknown",
        "client_id=pue&post_logout_redirect_uri=https://evil.localhost/",
        "post_logout_redirect_uri=http://pue.localhost/",
        "id_token_hint=not.a.token",
        "client_id=pue&client_id=pue",
    )
    for query in bad:
        page = visitor.open(demo.url("millenet", f"/end-session?{query}"))
        assert page.status == 400, query
        assert page.url.startswith(demo.origin("millenet"))
        assert page.heading == "Wylogowanie: Millenet"
        assert "nikt nie jest tutaj zalogowany" in page.text


def test_whoever_is_signed_in_can_sign_out_where_only_the_way_back_is_refused(demo: Demo, visitor: Visitor) -> None:
    signed_in(demo, visitor, "stanislaw")
    page = visitor.open(
        demo.url("millenet", "/end-session?client_id=pue&post_logout_redirect_uri=https://evil.localhost/")
    )
    assert page.status == 400
    assert "zalogowanie tutaj nadal trwa" in page.text
    assert visitor.open(demo.url("millenet")).heading == "Dzień dobry"
    assert page.submit("Wyloguj").heading == "Wylogowano"
    assert visitor.open(demo.url("millenet")).heading == "Logowanie: Millenet"


def test_where_nobody_is_signed_in_there_is_nothing_to_ask(demo: Demo, visitor: Visitor) -> None:
    page = visitor.open(demo.url("millenet", "/end-session"))
    assert page.heading == "Wylogowano"


def test_signing_out_of_the_bank_ends_the_portals_session(demo: Demo, visitor: Visitor) -> None:
    at_the_portal(demo, visitor, "lukasz")
    assert visitor.open(demo.url("pue", "/dashboard")).url.endswith("/dashboard")
    visitor.open(demo.url("millenet")).submit("Wyloguj")
    assert signed_out_of_the_portal(demo, visitor)

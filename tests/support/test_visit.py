"""The test client itself.

It behaves like the browsers do on the same two sites, and complains of a faulty page.
"""

import pytest

from tests.support.cookie_jar import CookieJar
from tests.support.server import pesels_in
from tests.support.visit import Visitor


def test_it_goes_where_a_browser_goes(visitor: Visitor, two_sites: int) -> None:
    page = visitor.open(f"http://a.localhost:{two_sites}/start")
    end = page.submit("Dalej", name="Łukasz")
    assert end.url == f"http://a.localhost:{two_sites}/end?letters=6"
    assert [response.status_code for response in visitor.trail] == [200, 303, 303, 200]
    assert end.follow("Inna strona").text.endswith("b=lax")


def test_a_strict_cookie_does_not_come_along_from_another_site(visitor: Visitor, two_sites: int) -> None:
    visitor.open(f"http://a.localhost:{two_sites}/start")
    assert "a=strict" in visitor.open(f"http://a.localhost:{two_sites}/end").text
    from_b = visitor.go("GET", f"http://a.localhost:{two_sites}/end", origin=f"http://b.localhost:{two_sites}/x")
    assert "a=strict" not in from_b.text


def test_it_complains_of_everything_wrong_with_a_page(visitor: Visitor, two_sites: int) -> None:
    with pytest.raises(AssertionError) as complaint:
        visitor.open(f"http://a.localhost:{two_sites}/faulty")
    for words in ("2 h1", "without alt", "'bare' has no label", "carries style", "given 2 times"):
        assert words in str(complaint.value)


def test_it_refuses_a_field_that_is_not_on_the_page(visitor: Visitor, two_sites: int) -> None:
    page = visitor.open(f"http://a.localhost:{two_sites}/start")
    with pytest.raises(AssertionError, match="no form"):
        page.submit("Dalej", surname="Żółć")


def test_it_calls_no_other_machine(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match="must not call"):
        visitor.open("http://portal.example/")


def test_it_complains_of_a_pesel_in_an_address(visitor: Visitor, two_sites: int) -> None:
    with pytest.raises(AssertionError, match="address holds a PESEL"):
        visitor.open(f"http://a.localhost:{two_sites}/end?q=44051401359")


@pytest.mark.parametrize("header", ["x=1; Domain=localhost", "__Host-x=1; Path=/", "__Host-x=1; Path=/a; Secure"])
def test_it_refuses_cookies_that_a_system_must_not_set(header: str) -> None:
    with pytest.raises(AssertionError):
        CookieJar().store("a.localhost", header)


def test_a_pesel_is_told_from_other_digits() -> None:
    assert pesels_in("44051401359, 44051401358, 440514013590") == ["44051401359"]

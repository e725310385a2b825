"""Which address a request came from, and whose word on it counts."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.client_address import (
    LONGEST,
    MOST_PROXIES,
    MalformedForwarded,
    client_of,
    forwarded_for,
    network_of,
    plain,
)

PROXY = "10.0.0.1"
TRUSTED = (ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_network("fd00::/64"))
ADDRESSES = st.ip_addresses().filter(lambda found: not any(found in network for network in TRUSTED))


def element(address: object) -> str:
    """An element as a proxy writes it."""
    return f'for="[{address}]"' if ":" in str(address) else f"for={address}"


@pytest.mark.parametrize(
    ("header", "client"),
    [
        ("for=192.0.2.43", "192.0.2.43"),
        ('For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
        ('for="192.0.2.43:47011"', "192.0.2.43"),
        ('for="[::ffff:192.0.2.1]"', "192.0.2.1"),
        (" for=192.0.2.43 ; host=x ,", "192.0.2.43"),
        ('by="a, for=1.2.3.4";for=192.0.2.43', "192.0.2.43"),
        ('for="\\1\\9\\2.0.2.43"', "192.0.2.43"),
        ("for=unknown", PROXY),
        ("for=_hidden", PROXY),
        ("proto=https", PROXY),
        ("", PROXY),
        ("for=192.0.2.43, for=10.0.0.2", "192.0.2.43"),
        ('for=192.0.2.43, for=10.0.0.2, for="[fd00::5]"', "192.0.2.43"),
        ("for=192.0.2.43, for=unknown, for=10.0.0.2", "10.0.0.2"),
    ],
)
def test_the_address_that_a_trusted_proxy_tells(header: str, client: str) -> None:
    assert client_of(PROXY, [header], TRUSTED) == client


@pytest.mark.parametrize(
    "header",
    [
        "192.0.2.43",
        "for=2001:db8::1",
        "for=[2001:db8::1]",
        'for="2001:db8::1"',
        'for="[192.0.2.1]"',
        "for=999.0.2.1",
        "for=example.org",
        'for="192.0.2.43',
        "for =192.0.2.43",
        "for=192.0.2.43 for=192.0.2.44",
        "for=192.0.2.43;for=192.0.2.44",
        'for="192.0.2.43"x',
        'for="',
        "for=",
        "for=192.0.2.43:123456",
        ", ".join(["for=192.0.2.43"] * (MOST_PROXIES + 1)),
        "for=192.0.2.43;x=" + "y" * LONGEST,
    ],
)
def test_a_header_that_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(MalformedForwarded):
        client_of(PROXY, [header], TRUSTED)


@given(st.text(max_size=300), ADDRESSES)
def test_nobody_but_a_trusted_proxy_says_who_a_client_is(header: str, stranger: object) -> None:
    assert client_of(str(stranger), [header], TRUSTED) == plain(str(stranger))


@given(st.lists(ADDRESSES, max_size=5), ADDRESSES)
def test_what_a_client_made_up_does_not_count_beside_what_the_proxy_added(made_up: list[object], true: object) -> None:
    headers = [*map(element, made_up), element(true)]
    assert client_of(PROXY, headers, TRUSTED) == client_of(PROXY, [", ".join(headers)], TRUSTED) == plain(str(true))


@given(st.text(max_size=60), ADDRESSES)
def test_whatever_a_client_sends_first_its_address_is_the_true_one_or_it_is_refused(sent: str, true: object) -> None:
    try:
        found = client_of(PROXY, [sent, element(true)], TRUSTED)
    except MalformedForwarded:
        return
    assert found == plain(str(true))


@given(st.text(max_size=300))
def test_every_text_is_read_or_refused(header: str) -> None:
    try:
        found = forwarded_for([header])
    except MalformedForwarded:
        return
    assert all(one is None or str(one) == plain(str(one)) for one in found)


@given(st.ip_addresses())
def test_the_usual_form_of_an_address_is_its_only_one(address: object) -> None:
    assert plain(plain(str(address))) == plain(str(address))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "2001:db8::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_a_household_shares_an_address_or_the_first_half_of_one(one: str, other: str, *, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.relying_party.addresses import is_loopback_name, read_address, read_secure_address


def test_an_address_is_taken_apart_once() -> None:
    address = read_address("https://Portal.Example:8443/a/b?c=d")
    assert (address.scheme, address.host, address.port) == ("https", "portal.example", 8443)
    assert address.target == "/a/b?c=d"
    assert address.authority == "portal.example:8443"
    assert address.origin == ("https", "portal.example", 8443)


def test_the_usual_port_and_an_empty_path() -> None:
    address = read_address("http://portal.example")
    assert (address.port, address.target, address.authority) == (80, "/", "portal.example")


def test_ipv6_keeps_its_brackets_only_where_they_belong() -> None:
    address = read_address("https://[2001:db8::1]:444/")
    assert (address.host, address.authority) == ("2001:db8::1", "[2001:db8::1]:444")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://portal.example/",
        "//portal.example/",
        "/only/a/path",
        "javascript:alert(1)",
        "https://",
        "https://:443/",
        "https://user@portal.example/",
        "https://user:secret@portal.example/",
        "https://portal.example@evil.example/",
        "https://portal.example\\@evil.example/",
        "https://portal.example/#part",
        "https://portal.example/#",
        "https://portal.example/ a",
        "https://portal.example/\n",
        "https://pörtal.example/",
        "https://portal%2eexample/",
        "https://portal.example:/",
        "https://portal.example:0/",
        "https://portal.example:65536/",
        "https://portal.example:a/",
        "https://[::1/",
        "https://portal.example/" + "a" * 2048,
    ],
)
def test_ambiguous_addresses_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_address(text)


@given(st.text(max_size=60) | st.text(alphabet="htps:/\\@#?.[]%0a ", max_size=40).map("https://".__add__))
def test_whatever_is_read_survives_being_put_together_again(text: str) -> None:
    try:
        address = read_address(text)
    except ValueError:
        return
    again = read_address(f"{address.scheme}://{address.authority}{address.target}")
    assert (again.origin, again.target) == (address.origin, address.target)


def test_plain_http_only_on_this_machine_and_only_when_allowed() -> None:
    assert read_secure_address("http://bank.localhost:8000/x", allow_http=True).host == "bank.localhost"
    assert read_secure_address("https://bank.example/", allow_http=False).scheme == "https"
    for text, allow in (("http://bank.localhost/", False), ("http://bank.example/", True)):
        with pytest.raises(ValueError, match="not https"):
            read_secure_address(text, allow_http=allow)


def test_loopback_names() -> None:
    assert all(map(is_loopback_name, ("localhost", "a.localhost", "127.0.0.1", "::1")))
    assert not any(map(is_loopback_name, ("localhost.example", "notlocalhost", "127.0.0.2")))

"""What a proxy tells of a certificate: believed from it alone, and read strictly."""

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from poreka.web.door.peer_certificate import LONGEST, TlsProxy
from poreka.web.forms import BadForm
from poreka.web.routes import ASKED_HOST
from tests.support.certificates import JAN, Authority

DOOR, SECRET = TlsProxy("https://door.example", "secret"), ("poreka-proxy-secret", "secret")
SHOWN = Authority().issue(JAN)


def asked(*headers: tuple[str, str], host: str = "door.example") -> Request:
    raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers]
    return Request({"type": "http", "path": "/", "headers": raw, ASKED_HOST: host.encode()})


def test_a_certificate_from_the_proxy() -> None:
    shown = DOOR.shown(asked(SECRET, ("client-cert", SHOWN.header)))
    assert shown is not None
    assert shown.certificate == SHOWN.certificate
    assert shown.sent_along == ()
    assert len(shown.thumbprint) == 32


@pytest.mark.parametrize("host", ["", "evil.example", "door.example.evil", "door.example:444", "xdoor.example"])
def test_only_at_its_own_origin(host: str) -> None:
    assert DOOR.shown(asked(SECRET, ("client-cert", SHOWN.header), host=host)) is None


def test_the_origin_alone_is_no_proof_of_the_proxy() -> None:
    assert DOOR.shown(asked(("client-cert", SHOWN.header))) is None


def test_a_secret_is_never_shown() -> None:
    assert "'secret'" not in repr(DOOR)


def test_the_longest_that_is_read() -> None:
    padded = base64.b64encode(SHOWN.certificate.public_bytes(Encoding.DER) + b"\0" * LONGEST).decode()
    with pytest.raises(BadForm):
        DOOR.shown(asked(SECRET, ("client-cert", f":{padded}:")))


headers = st.lists(
    st.tuples(
        st.sampled_from(["client-cert", "client-cert-chain", "poreka-proxy-secret"]),
        st.one_of(st.text(max_size=60), st.just(SHOWN.header), st.just(f"{SHOWN.header}, {SHOWN.header}")),
    ),
    max_size=4,
)


@given(headers)
def test_whatever_is_told_gives_a_certificate_none_or_a_bad_form(told: list[tuple[str, str]]) -> None:
    try:
        shown = DOOR.shown(asked(SECRET, *told))
    except BadForm:
        return
    names = [name for name, _ in told]
    if shown is not None:
        assert shown.certificate == SHOWN.certificate
        assert names.count("client-cert") == 1
        assert "poreka-proxy-secret" not in names

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from poreka.oidc import jose
from poreka.oidc.errors import KeyUnknown
from poreka.oidc.keys import SigningKey
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback
from poreka.oidc.relying_party.logout import (
    LOGOUT_EVENT,
    LoggedOut,
    check_logout_token,
    check_signed_out,
    claimed_issuer,
    sign_out_url,
)
from tests.oidc.relying_party.foreign_provider import (
    CLIENT,
    ISSUER,
    KEYS,
    NOW,
    OTHER_KEY,
    PROVIDER_KEY,
    RSA_KEY,
    id_token,
    metadata,
    registration,
    spoiled,
    unsigned,
)


def claims(**changes: Any) -> dict[str, Any]:
    good = {
        "iss": ISSUER,
        "aud": CLIENT,
        "iat": NOW,
        "exp": NOW + 120,
        "jti": "logout-1",
        "sub": "person-1",
        "sid": "session-1",
        "events": {LOGOUT_EVENT: {}},
    }
    return spoiled(good, changes)


def token(key: SigningKey = PROVIDER_KEY, typ: str = "logout+jwt", **changes: Any) -> str:
    return jose.sign(claims(**changes), key, typ)


def check(logout_token: str) -> LoggedOut:
    return check_logout_token(registration(), KEYS, logout_token, NOW)


def refused(logout_token: str) -> ProviderFault:
    with pytest.raises(ProviderFault) as fault:
        check(logout_token)
    assert fault.value.kind == "logout_token"
    return fault.value


def test_oidcc_client_test_rp_backchannel_rpinitlogout() -> None:
    ended = check(token())
    assert (ended.issuer, ended.sub, ended.sid) == (ISSUER, "person-1", "session-1")
    assert ended.single_use.value == f"{ISSUER} logout-1"
    assert ended.single_use.expires_at > NOW + 120 + 10


def test_either_session_or_person_will_do() -> None:
    assert check(token(sub=...)).sub is None
    assert check(token(sid=...)).sid is None
    refused(token(sub=..., sid=...))


@pytest.mark.parametrize("typ", ["JWT", "logout+jwt", "application/logout+jwt"])
def test_kinds_that_providers_use(typ: str) -> None:
    assert check(token(typ=typ)).sid == "session-1"


def test_another_kind_of_token() -> None:
    refused(token(typ="at+jwt"))
    refused(id_token())


def test_oidcc_client_test_rp_backchannel_rpinitlogout_alg_none() -> None:
    refused(unsigned(claims()))


def test_oidcc_client_test_rp_backchannel_rpinitlogout_wrong_alg() -> None:
    refused(token(RSA_KEY))


def test_oidcc_client_test_rp_backchannel_rpinitlogout_wrong_iss() -> None:
    refused(token(iss="https://evil.example"))


def test_oidcc_client_test_rp_backchannel_rpinitlogout_wrong_aud() -> None:
    refused(token(aud="someone-else"))


def test_oidcc_client_test_rp_backchannel_rpinitlogout_with_nonce() -> None:
    refused(token(nonce="n"))
    refused(token(nonce=None))


@pytest.mark.parametrize("events", [{}, {"urn:other": {}}, {LOGOUT_EVENT: "yes"}, [LOGOUT_EVENT], LOGOUT_EVENT])
def test_oidcc_client_test_rp_backchannel_rpinitlogout_wrong_event(events: object) -> None:
    refused(token(events=events))


def test_oidcc_client_test_rp_backchannel_rpinitlogout_no_event() -> None:
    refused(token(events=...))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": ...},
        {"exp": NOW - 60},
        {"exp": NOW + 86_400},
        {"iat": ...},
        {"iat": NOW + 61},
        {"iat": NOW - 3600},
        {"jti": ...},
        {"jti": ""},
        {"sub": 1},
        {"sub": "żółw"},
        {"sid": 1},
    ],
)
def test_an_old_or_malformed_logout_token(changes: dict[str, Any]) -> None:
    refused(token(**changes))


def test_newer_keys_may_be_needed() -> None:
    with pytest.raises(KeyUnknown):
        check(token(OTHER_KEY))


def test_the_claimed_issuer_finds_the_registration_only() -> None:
    assert claimed_issuer(unsigned(claims(iss="https://whoever.example"))) == "https://whoever.example"
    for broken in ("", "a.b.c", token(iss=...)):
        with pytest.raises(ProviderFault):
            claimed_issuer(broken)


def test_oidcc_client_test_rp_init_logout() -> None:
    known = registration(post_logout_redirect_uri="https://portal.example/signed-out")
    url = sign_out_url(known, metadata(), "hint", "state-1")
    assert url is not None
    assert url.startswith(f"{ISSUER}/session/end?")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "client_id": CLIENT,
        "id_token_hint": "hint",
        "post_logout_redirect_uri": "https://portal.example/signed-out",
        "state": "state-1",
    }


def test_oidcc_client_test_rp_init_logout_no_state() -> None:
    there = metadata(end_session_endpoint=f"{ISSUER}/end?tenant=1")
    assert sign_out_url(registration(), there, None, "s") == f"{ISSUER}/end?tenant=1&client_id={CLIENT}"


def test_a_provider_without_signing_out() -> None:
    assert sign_out_url(registration(), metadata(end_session_endpoint=None), "hint") is None


def test_oidcc_client_test_rp_init_logout_other_state() -> None:
    check_signed_out("state-1", "state-1")
    for returned in ("state-2", None, ""):
        with pytest.raises(StrayCallback):
            check_signed_out("state-1", returned)

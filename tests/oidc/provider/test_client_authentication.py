import hashlib
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.clients.authentication import (
    ASSERTION_TYPE,
    ClientNotAuthenticated,
    PeerCertificate,
    authenticate,
    claimed_client_id,
)
from poreka.oidc.clients.client import Client
from poreka.oidc.jose import sign
from poreka.oidc.parameters import Parameters
from tests.oidc.provider.samples import ISSUER, TOKEN_ENDPOINT, client, openid_client
from tests.oidc.signing_keys import NOW, forged, key_set, signing_key

KEY = signing_key("client")
SECRET = {
    "token_endpoint_auth_method": "client_secret_basic",
    "secret_hash": hashlib.sha256(b"s:e c").hexdigest(),
}


def claims(**changes: Any) -> dict[str, Any]:
    base = {
        "iss": "portal",
        "sub": "portal",
        "aud": ISSUER,
        "exp": NOW + 60,
        "iat": NOW,
        "jti": "one",
        **changes,
    }
    return {name: value for name, value in base.items() if value is not None}


def by(
    client_: Client | None, *pairs: tuple[str, str], authorization: str | None = None, certificate: Any = None
) -> Any:
    return authenticate(
        client_,
        Parameters.of_pairs(pairs),
        authorization=authorization,
        certificate=certificate,
        keys=key_set(KEY),
        issuer=ISSUER,
        endpoint=TOKEN_ENDPOINT,
        now=NOW,
    )


def by_assertion(token: str, client_: Client | None = None, **more: str) -> Any:
    pairs = {"client_assertion": token, "client_assertion_type": ASSERTION_TYPE, **more}
    return by(client_ or client(), *pairs.items())


def basic(client_id: str, secret: str) -> str:
    return "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()


def test_rfc_7523_a_good_assertion_proves_the_client_once() -> None:
    proven = by_assertion(sign(claims(), KEY), client_id="portal")
    assert (proven.client_id, proven.method, proven.thumbprint) == ("portal", "private_key_jwt", None)
    assert proven.single_use.kind == "client_assertion"
    assert proven.single_use.expires_at > NOW + 70
    assert by_assertion(sign(claims(), KEY)).single_use.value == proven.single_use.value
    assert by_assertion(sign(claims(), KEY, "client-authentication+jwt"))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"aud": [ISSUER]},
        {"aud": TOKEN_ENDPOINT},
        {"aud": "https://other.example"},
        {"aud": None},
        {"exp": NOW - 60},
        {"exp": NOW + 361},
        {"exp": None},
        {"iat": NOW + 61},
        {"nbf": NOW + 61},
        {"jti": None},
        {"jti": "x" * 257},
    ],
)
def test_fapi2_5_3_2_1_an_assertion_that_says_something_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ClientNotAuthenticated) as refused:
        by_assertion(sign(claims(**changes), KEY))
    assert (refused.value.status, refused.value.error, refused.value.key_unknown) == (
        401,
        "invalid_client",
        False,
    )


@pytest.mark.parametrize(
    ("aud", "good"),
    [(ISSUER, True), (TOKEN_ENDPOINT, True), ([ISSUER], True), ([ISSUER, "x"], False), ("x", False)],
)
def test_the_openid_profile_also_takes_the_endpoint_as_audience(aud: Any, good: bool) -> None:
    if good:
        assert by_assertion(sign(claims(aud=aud), KEY), openid_client())
    else:
        with pytest.raises(ClientNotAuthenticated):
            by_assertion(sign(claims(aud=aud), KEY), openid_client())


def test_assertions_signed_wrongly_are_refused() -> None:
    for token in (
        forged({"alg": "none"}, claims()),
        forged({"alg": "HS256", "kid": "client"}, claims()),
        forged({"alg": "ES256", "kid": "client"}, claims(), signing_key("foreign")),
        forged(
            {"alg": "ES256", "kid": "client", "jwk": signing_key("foreign").public_jwk},
            claims(),
            signing_key("foreign"),
        ),
        sign(claims(), KEY, "dpop+jwt"),
        sign(claims(), signing_key("client", "RS256")),
    ):
        with pytest.raises(ClientNotAuthenticated):
            by_assertion(token)


def test_an_unknown_key_says_that_fetching_may_help() -> None:
    with pytest.raises(ClientNotAuthenticated) as refused:
        by_assertion(sign(claims(), signing_key("newer")))
    assert refused.value.key_unknown


@pytest.mark.parametrize("pairs", [[("client_assertion", "a.b.c")], [("client_assertion_type", ASSERTION_TYPE)]])
def test_assertion_and_its_type_come_together(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(ClientNotAuthenticated, match="type"):
        by(client(), *pairs)


def test_rfc_6749_2_3_only_one_method_at_a_time_and_only_the_registered_one() -> None:
    both = [("client_secret", "x"), ("client_assertion", "a.b.c"), ("client_assertion_type", ASSERTION_TYPE)]
    with pytest.raises(ClientNotAuthenticated, match="more than one"):
        by(client(), *both)
    with pytest.raises(ClientNotAuthenticated, match="registered method"):
        by(client(), ("client_secret", "x"))
    with pytest.raises(ClientNotAuthenticated, match="did not authenticate"):
        by(client(), ("client_id", "portal"))


def test_the_named_client_must_be_the_proven_one() -> None:
    with pytest.raises(ClientNotAuthenticated, match="another client"):
        by_assertion(sign(claims(), KEY), client_id="other")


def test_an_unknown_client_is_answered_like_a_wrong_secret() -> None:
    answers = []
    for known, header in ((None, basic("portal", "x")), (openid_client(**SECRET), basic("portal", "x"))):
        with pytest.raises(ClientNotAuthenticated) as refused:
            by(known, authorization=header)
        answers.append((refused.value.body(), refused.value.headers))
    assert answers[0] == answers[1]
    assert answers[0][1]["WWW-Authenticate"].startswith("Basic")


def test_rfc_6749_2_3_1_basic_secrets_are_form_encoded() -> None:
    assert by(openid_client(**SECRET), authorization=basic("portal", "s%3Ae+c")).method == "client_secret_basic"
    for header in (
        basic("other", "s%3Ae+c"),
        basic("portal", "s:e  c"),
        "Basic !!",
        "Bearer abc",
        "Basic " + b64encode(b"x").decode(),
    ):
        with pytest.raises(ClientNotAuthenticated):
            by(openid_client(**SECRET), authorization=header)


def test_secrets_by_post() -> None:
    posting = openid_client(**{**SECRET, "token_endpoint_auth_method": "client_secret_post"})
    assert by(posting, ("client_id", "portal"), ("client_secret", "s:e c")).method == "client_secret_post"
    with pytest.raises(ClientNotAuthenticated):
        by(posting, ("client_id", "portal"), ("client_secret", "other"))
    with pytest.raises(ClientNotAuthenticated):
        by(openid_client(**{**SECRET, "secret_hash": None}), authorization=basic("portal", ""))


def test_a_rotated_secret_is_good_until_its_moment_and_the_new_one_at_once() -> None:
    former = hashlib.sha256(b"old").hexdigest()
    for until, good in ((NOW + 1, True), (NOW, False), (0, False)):
        rotated = openid_client(**SECRET, former_secret_hash=former, former_secret_until=until)
        assert by(rotated, authorization=basic("portal", "s%3Ae+c"))
        if good:
            assert by(rotated, authorization=basic("portal", "old"))
        else:
            with pytest.raises(ClientNotAuthenticated, match="did not prove"):
                by(rotated, authorization=basic("portal", "old"))


@pytest.mark.parametrize("hashes", [{"secret_hash": None}, {"former_secret_hash": ""}])
def test_what_has_no_secret_takes_none(hashes: dict[str, Any]) -> None:
    nothing = openid_client(**{**SECRET, "former_secret_until": NOW + 99, **hashes})
    with pytest.raises(ClientNotAuthenticated, match="did not prove"):
        by(nothing, authorization=basic("portal", ""))


def test_a_repeated_parameter_is_refused() -> None:
    with pytest.raises(ClientNotAuthenticated, match="repeated"):
        by(client(), ("client_assertion", "a"), ("client_assertion", "a"))


@pytest.mark.parametrize(
    ("method", "fact", "certificate", "good"),
    [
        (
            "tls_client_auth",
            {"tls_subject": "CN=a"},
            PeerCertificate(thumbprint="t", trusted_subject="CN=a"),
            True,
        ),
        (
            "tls_client_auth",
            {"tls_subject": "CN=a"},
            PeerCertificate(thumbprint="t", trusted_subject="CN=b"),
            False,
        ),
        ("tls_client_auth", {}, PeerCertificate(thumbprint="t"), False),
        ("tls_client_auth", {"tls_subject": "CN=a"}, None, False),
        ("self_signed_tls_client_auth", {"tls_thumbprints": ("t",)}, PeerCertificate(thumbprint="t"), True),
        ("self_signed_tls_client_auth", {"tls_thumbprints": ("t",)}, PeerCertificate(thumbprint="u"), False),
    ],
)
def test_rfc_8705_2_certificates(
    method: str, fact: dict[str, Any], certificate: PeerCertificate | None, good: bool
) -> None:
    registered = client(token_endpoint_auth_method=method, **fact)
    if good:
        assert by(registered, ("client_id", "portal"), certificate=certificate).thumbprint == "t"
    else:
        with pytest.raises(ClientNotAuthenticated):
            by(registered, ("client_id", "portal"), certificate=certificate)


def test_whom_a_caller_claims_to_be() -> None:
    assert claimed_client_id(Parameters.of_pairs([]), basic("a%20b", "x")) == "a b"
    assert claimed_client_id(Parameters.of_pairs([("client_id", "c")]), None) == "c"
    assert claimed_client_id(Parameters.of_pairs([("client_assertion", sign(claims(), KEY))]), None) == "portal"
    for pairs in (
        [],
        [("client_assertion", "x")],
        [("client_id", "a"), ("client_id", "a")],
        [("client_assertion", sign({}, KEY))],
    ):
        with pytest.raises(ClientNotAuthenticated):
            claimed_client_id(Parameters.of_pairs(pairs), None)


@given(st.text())
def test_no_header_breaks_the_reader(header: str) -> None:
    with pytest.raises(ClientNotAuthenticated):
        by(openid_client(**SECRET), authorization=header)

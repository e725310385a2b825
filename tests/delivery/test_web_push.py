"""Web Push against the standards' own example, and against decryption that nobody here wrote."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from poreka.delivery.web_push import (
    CURVE,
    NotASubscription,
    Subscription,
    authorization,
    encrypted,
    public_text,
    push_request,
    read_subscription,
    sender_key,
)

NOW = 1_800_000_000
SIXTEEN = st.binary(min_size=16, max_size=16)


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def private(scalar: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(scalar)), CURVE)


def subscription_of(key: ec.EllipticCurvePrivateKey, auth: bytes, endpoint: str = "https://push.example/1") -> str:
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return json.dumps(
        {"endpoint": endpoint, "expirationTime": None, "keys": {"p256dh": text(point), "auth": text(auth)}}
    )


def test_the_example_of_rfc_8291() -> None:
    """RFC 8291 §5 and Appendix A."""
    browser = private("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
    ours = private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    subscription = read_subscription(subscription_of(browser, raw("BTBZMqHH6r4Tts7J_aSIgg")))
    assert subscription.keys.p256dh.startswith("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx")
    body = encrypted(b"When I grow up, I want to be a watermelon", subscription, ours, raw("DGv6ra1nlYgDCS1FRnbzlw"))
    assert text(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@settings(max_examples=25, deadline=None)
@given(
    plain=st.binary(max_size=3000), auth=st.binary(min_size=16, max_size=16), salt=st.binary(min_size=16, max_size=16)
)
def test_what_we_encrypt_others_decrypt(plain: bytes, auth: bytes, salt: bytes) -> None:
    browser = ec.generate_private_key(CURVE)
    subscription = read_subscription(subscription_of(browser, auth))
    body = encrypted(plain, subscription, ec.generate_private_key(CURVE), salt)
    assert http_ece.decrypt(body, private_key=browser, auth_secret=auth, version="aes128gcm") == plain


def test_nobody_else_decrypts_it() -> None:
    browser, other = ec.generate_private_key(CURVE), ec.generate_private_key(CURVE)
    body = encrypted(b"x", read_subscription(subscription_of(browser, b"a" * 16)), other, b"s" * 16)
    for key, auth in ((other, b"a" * 16), (browser, b"b" * 16)):
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is that the library raises
            http_ece.decrypt(body, private_key=key, auth_secret=auth, version="aes128gcm")


def test_the_push_service_can_verify_who_sends() -> None:
    key = sender_key(b"s" * 32)
    header = authorization("https://push.example:8443/send/abc", key, "mailto:app@office.example", NOW)
    assert header.startswith("vapid t=")
    token, _, told = header.removeprefix("vapid t=").partition(", k=")
    assert told == public_text(key)
    assert json.loads(raw(token.partition(".")[0])) == {"typ": "JWT", "alg": "ES256"}
    point = raw(told)
    claims = _claims(token, {"kty": "EC", "crv": "P-256", "x": text(point[1:33]), "y": text(point[33:])})
    assert claims == {"aud": "https://push.example:8443", "exp": NOW + 12 * 3600, "sub": "mailto:app@office.example"}


def _claims(token: str, jwk: dict[str, str]) -> dict[str, object]:
    from joserfc import jwt
    from joserfc.jwk import ECKey

    return dict(jwt.decode(token, ECKey.import_key(jwk), algorithms=["ES256"]).claims)


def test_one_system_has_one_key_and_another_another() -> None:
    assert public_text(sender_key(b"s" * 32)) == public_text(sender_key(b"s" * 32))
    assert public_text(sender_key(b"s" * 32)) != public_text(sender_key(b"t" * 32))
    assert len(raw(public_text(sender_key(b"s" * 32)))) == 65


def test_the_key_of_a_secret_never_changes() -> None:
    """Subscriptions are bound to it (RFC 8292 §4)."""
    assert public_text(sender_key(b"s" * 32)) == (
        "BL8TraqPBm7fem13AxH0UOLRe3CPGt4m7bSYFkjP0-K-oM0euGUMYK9iLDJRmg5jt4jrrPEM1EF_JDu9ztkddIw"
    )


def test_the_request_is_short_lived_and_urgent() -> None:
    browser = ec.generate_private_key(CURVE)
    subscription = read_subscription(subscription_of(browser, b"a" * 16))
    request = push_request(subscription, b"body", "vapid …", seconds=90, topic="06gvv5r25ednk0555aao0c82tc")
    assert request.url == "https://push.example/1"
    assert request.headers["ttl"] == "90"
    assert request.headers["urgency"] == "high"
    assert request.headers["topic"] == "06gvv5r25ednk0555aao0c82tc"
    assert request.headers["content-encoding"] == "aes128gcm"


GOOD = subscription_of(ec.generate_private_key(CURVE), b"a" * 16)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "[]",
        "{}",
        "null",
        "[" * 5000,
        GOOD.replace("https://", "ftp://"),
        GOOD.replace("https://", "javascript:"),
        GOOD.replace('"auth": "', '"auth": "AAAA'),
        GOOD.replace('"p256dh": "B', '"p256dh": "C'),
        GOOD.replace("https://push.example/1", "https://push.example/" + "x" * 2100),
        GOOD.replace('"p256dh": "B', '"p256dh": "ł'),
    ],
)
def test_what_is_no_subscription_is_refused(told: str) -> None:
    with pytest.raises(NotASubscription):
        read_subscription(told)


def test_a_subscription_is_not_printed() -> None:
    assert "push.example" not in repr(read_subscription(GOOD))
    assert isinstance(read_subscription(GOOD), Subscription)

import msgspec

from poreka.oidc.provider.authorization_code import Grant
from tests.oidc.provider.samples import IDENTITY, granted, openid_client
from tests.oidc.signing_keys import NOW


def test_a_grant_survives_storage_and_lives_a_minute() -> None:
    given = granted()
    assert msgspec.json.decode(msgspec.json.encode(given), type=Grant) == given
    assert (given.expires_at - NOW, given.subject, given.person) == (60, "pairwise", "p-1")


def test_what_was_not_asked_for_or_may_not_be_given_is_not_granted() -> None:
    assert granted(consented=IDENTITY | {"email"}).consented == IDENTITY
    assert granted(scope="openid").consented == frozenset()
    assert granted(scope="openid", claims='{"userinfo":{"pesel":null}}').consented == {"pesel"}
    assert granted(consented=frozenset({"given_name"})).consented == {"given_name"}
    assert granted(openid_client(claims=IDENTITY)).consented == IDENTITY - {"pesel"}

"""Passwords: argon2id, and no telling whether a name exists. Few hashes: each is meant to be slow."""

from poreka.hashing.passwords import PASSWORD_LIMIT, Passwords
from tests.support.hashes import noted


async def test_the_right_password_matches_and_others_do_not() -> None:
    passwords = Passwords()
    stored = await passwords.hash("letni-ogród-anna-11")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.matches(stored, "letni-ogród-anna-11") is True
    assert await passwords.matches(stored, "letni-ogrod-anna-11") is False
    assert await passwords.matches(stored, "") is False


async def test_nobody_s_password_never_matches_and_costs_one_hash_like_anyone_s() -> None:
    """Counted, not timed: one computation with the parameters of real hashes, the first time and every time."""
    passwords, computed = Passwords(), noted()
    stored = await passwords.hash("letni-ogród-anna-11")
    with computed:
        for hashed in (None, stored, None):
            assert await passwords.matches(hashed, "the password of no one") is False
    assert [one[:31] for one in computed.hashes] == ["$argon2id$v=19$m=19456,t=2,p=1$"] * 3


async def test_what_is_no_hash_or_too_long_matches_nothing_and_costs_nothing() -> None:
    passwords, computed = Passwords(), noted()
    assert await passwords.matches("not a hash", "x") is False
    assert await passwords.matches("", "x") is False
    with computed:
        for hashed in (None, "$argon2id$"):
            assert await passwords.matches(hashed, "x" * (PASSWORD_LIMIT + 1)) is False
    assert computed.hashes == []


async def test_lone_surrogates_in_a_password_are_a_wrong_password() -> None:
    assert await Passwords().matches("not a hash", "\udcff") is False

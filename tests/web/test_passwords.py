"""Passwords: argon2id, and no telling whether a name exists. Few hashes: each is meant to be slow."""

import asyncio

from poreka.web.passwords import PASSWORD_LIMIT, Passwords


async def test_the_right_password_matches_and_others_do_not() -> None:
    passwords = Passwords()
    stored = await passwords.hash("letni-ogród-anna-11")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.matches(stored, "letni-ogród-anna-11") is True
    assert await passwords.matches(stored, "letni-ogrod-anna-11") is False
    assert await passwords.matches(stored, "") is False


async def test_nobody_s_password_never_matches_and_is_computed_all_the_same() -> None:
    passwords = Passwords()
    computed = []
    verify = passwords._verify
    passwords._verify = lambda stored, password: (computed.append(stored), verify(stored, password))[1]  # type: ignore[method-assign]
    assert await passwords.matches(None, "the password of no one") is False
    assert len(computed) == 1


async def test_what_is_no_hash_or_too_long_matches_nothing() -> None:
    passwords = Passwords()
    assert await passwords.matches("not a hash", "x") is False
    assert await passwords.matches("", "x") is False
    began = asyncio.get_running_loop().time()
    assert await passwords.matches("$argon2id$", "x" * (PASSWORD_LIMIT + 1)) is False
    assert asyncio.get_running_loop().time() - began < 0.01


async def test_lone_surrogates_in_a_password_are_a_wrong_password() -> None:
    assert await Passwords().matches("not a hash", "\udcff") is False

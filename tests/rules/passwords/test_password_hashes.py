import pytest

from poreka.rules.passwords.hashes import is_bcrypt, is_known_hash, nobodys

ARGON2 = "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamtsbW5vcA$kFXb3Lzq0K2Yq1nT0mS1bYQ9P2u0oH0V5Zl4WmZc0pE"
BCRYPT = "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"


@pytest.mark.parametrize("text", [ARGON2, BCRYPT, BCRYPT.replace("$2b", "$2y"), ARGON2.replace("id", "i")])
def test_these_can_be_compared_with(text: str) -> None:
    assert is_known_hash(text)
    assert is_bcrypt(text) == text.startswith("$2")


@pytest.mark.parametrize(
    "text",
    [
        "", "secret", "5f4dcc3b5aa765d61d8327deb882cf99", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        BCRYPT[:-1], BCRYPT + "\n",
        ARGON2.replace("m=19456", "m=1000000"), BCRYPT.replace("$12$", "$15$"), f"{ARGON2}\n", "$6$x$y",
    ],
)  # fmt: skip
def test_these_cannot_or_would_cost_seconds(text: str) -> None:
    assert not is_known_hash(text)
    assert not is_bcrypt(text)
    assert nobodys(text) is None


def test_nobodys_hash_costs_as_much_and_is_no_ones() -> None:
    for text, kept in ((ARGON2, "$argon2id$v=19$m=19456,t=2,p=1$"), (BCRYPT, "$2b$12$")):
        made = nobodys(text)
        assert made is not None
        assert made.startswith(kept)
        assert len(made) == len(text)
        assert is_known_hash(made)
        assert made != text

"""The list that is delivered: made from its sources, long enough, and with what was found to be missing once."""

import subprocess
import sys

import pytest

from poreka.hashing.common_passwords import common_passwords
from poreka.rules.passwords.common_passwords import folded, is_common
from tests.architecture.source import PACKAGE, ROOT

LIST = PACKAGE / "hashing" / "common_passwords.txt"


def test_the_list_is_what_its_generator_writes() -> None:
    code = "import make; print('\\n'.join(make.common_passwords()))"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "wordlists", capture_output=True, text=True, check=True
    )
    assert made.stdout == LIST.read_text(encoding="ascii")


def test_ten_thousand_passwords_of_twelve_characters_and_more() -> None:
    listed = LIST.read_text(encoding="ascii").split()
    assert len(set(listed)) == len(listed) >= 10_000
    assert min(map(len, listed)) >= 12
    assert [folded(text) for text in listed] == listed


@pytest.mark.parametrize(
    "password",
    [
        "Password123!", "Wiosna2026!!", "zaq1@WSXcde3", "zaq12wsxcde3", "ZAQ!2wsx#EDC", "1qaz@WSX3edc", "Qwerty123456!",
        "qwertyuiop[]12", "Haslo12345678", "Trudne-Haslo-1", "Kochanie2025!", "KochamCie123!", "Warszawa1944!",
        "Listopad2026", "Katarzyna1985", "Polska123456!", "P@$$w0rd2026!", "Welcome12345!",
        "iloveyou1234", "administrator",
        "LegiaWarszawa1916", "Bezpieczeństwo1!", "123qweASDzxc", "Michał123456", "!!Dragon1234", "adminadmin12",
        "haslohaslo12", "passw0rd1234", "123456789abc", "internet1234", "niemamhasla1", "123456789012", "abcdefghijkl",
    ],
)  # fmt: skip
def test_well_known_passwords_are_refused(password: str) -> None:
    assert is_common(password, common_passwords())


@pytest.mark.parametrize(
    "password",
    ["zielona tama nad rzeką", "trzy-Sowy-na-dachu-7", "cichy-brzeg-jan-10", "correct horse battery", "x8K!pq2#Lm9z"],
)
def test_passwords_of_ones_own_are_accepted(password: str) -> None:
    assert not is_common(password, common_passwords())

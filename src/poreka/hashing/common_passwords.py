"""The common passwords that nobody may choose, read once, when somebody chooses a password.

`common_passwords.txt` beside this file is made by `wordlists/make.py`. The rule: `rules/passwords/common_passwords.py`.
"""

from functools import cache
from importlib import resources

from poreka.rules.passwords.common_passwords import keys_of


@cache
def common_passwords() -> frozenset[str]:
    """The forms by which common passwords are known."""
    text = resources.files("poreka.hashing").joinpath("common_passwords.txt").read_text("ascii")
    return keys_of(text.split())

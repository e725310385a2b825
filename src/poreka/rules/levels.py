"""How strong a sign-in was: from the factors used in *this* session to a level of assurance.

Commission Implementing Regulation (EU) 2015/1502, annex 2.2.1 and 2.3.1: one factor is low; two factors of
different categories, with dynamic authentication, are substantial; a qualified certificate is high. The two
characters of an identifier (P9) are no second factor: they are knowledge, as the password is. The level is
never stored on the person. `acr` values are the eIDAS names; `amr` values those of RFC 8176.
"""

import enum
from collections.abc import Collection

EIDAS = "http://eidas.europa.eu/LoA/"


LEVEL_NAMES = ("low", "substantial", "high")


class Level(enum.IntEnum):
    """Levels of assurance, weakest first."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3

    @property
    def acr(self) -> str:
        """The value of the `acr` claim (OpenID Connect Core 2)."""
        return EIDAS + self.name.lower()

    @classmethod
    def named(cls, name: str) -> "Level":
        """The level of the name `low`, `substantial` or `high`; raises `ValueError` for any other."""
        if name not in LEVEL_NAMES:
            raise ValueError("not a level of assurance")
        return cls[name.upper()]


class Factor(enum.Enum):
    """One thing a person did to prove who they are."""

    PASSWORD = "password"
    SMS_CODE = "sms_code"
    CODE_CARD = "code_card"
    PUSH = "push"
    PASSKEY = "passkey"  # with user verification; without it, it must not be recorded as this
    DEVICE_PIN = "device_pin"  # a PIN on a bound device, whose secret changes with every use (docs/adr/0029)
    CERTIFICATE = "certificate"  # qualified
    VOUCHED = "vouched"  # another provider signed the person in at this moment, at the level substantial or above


CERTIFICATE = "certificate"
"""Who vouched for a session, where nobody did but the person's own certificate."""


class Category(enum.Enum):
    """Categories of factors, 2015/1502 annex 1(2)."""

    KNOWLEDGE = "knowledge"
    POSSESSION = "possession"
    INHERENT = "inherent"


# A passkey with user verification is a device and its owner's PIN or body in one gesture.
CATEGORIES: dict[Factor, frozenset[Category]] = {
    Factor.PASSWORD: frozenset({Category.KNOWLEDGE}),
    Factor.SMS_CODE: frozenset({Category.POSSESSION}),
    Factor.CODE_CARD: frozenset({Category.POSSESSION}),
    Factor.PUSH: frozenset({Category.POSSESSION}),
    Factor.PASSKEY: frozenset({Category.POSSESSION, Category.INHERENT}),
    Factor.DEVICE_PIN: frozenset({Category.POSSESSION, Category.KNOWLEDGE}),
    Factor.CERTIFICATE: frozenset({Category.POSSESSION, Category.KNOWLEDGE}),
    Factor.VOUCHED: frozenset({Category.POSSESSION, Category.KNOWLEDGE}),  # two of them, whichever they were
}
METHODS: dict[Factor, frozenset[str]] = {
    Factor.PASSWORD: frozenset({"pwd"}),
    Factor.SMS_CODE: frozenset({"otp", "sms"}),
    Factor.CODE_CARD: frozenset({"otp"}),
    Factor.PUSH: frozenset({"swk", "user"}),
    Factor.PASSKEY: frozenset({"swk", "user"}),  # may be a synced key, so no claim of hardware
    Factor.DEVICE_PIN: frozenset({"pin"}),
    Factor.CERTIFICATE: frozenset({"hwk"}),
    Factor.VOUCHED: frozenset(),
}


def level_reached(factors: Collection[Factor]) -> Level | None:
    """The level that these factors together prove; None where nothing was proven."""
    if not factors:
        return None
    if Factor.CERTIFICATE in factors:
        return Level.HIGH
    return Level.SUBSTANTIAL if len(_categories(factors)) > 1 else Level.LOW


def own_level(factors: Collection[Factor]) -> Level | None:
    """The level of a relying party's own sign-in: low, whatever was used, unless a qualified certificate was shown.

    Its passwords and keys are given out on others' word, and are nobody's means of electronic identification.
    """
    level = level_reached(factors)
    return level if level in (None, Level.HIGH) else Level.LOW


def reaches(have: Level | None, wanted: Level) -> bool:
    """Whether a proven level is enough."""
    return have is not None and have >= wanted


def level_named(acr: str) -> Level | None:
    """The level an `acr` value names, None if it is not one of ours."""
    return next((level for level in Level if level.acr == acr), None)


def methods_used(factors: Collection[Factor]) -> list[str]:
    """The `amr` claim, sorted; `mfa` where the factors are of more than one category (RFC 8176 section 2)."""
    names = frozenset[str]().union(*(METHODS[factor] for factor in factors))
    return sorted(names | {"mfa"} if len(_categories(factors)) > 1 else names)


def _categories(factors: Collection[Factor]) -> frozenset[Category]:
    return frozenset[Category]().union(*(CATEGORIES[factor] for factor in factors))

"""What a customer authorises with: the current tool is the customer's choice among those the bank offers (P3).

A tool only decides where the one code of an operation comes from; tries, times and what the right code makes
true are the same for all of them (`operation`). Read next: `code_card`.
"""

import enum

from poreka.rules.levels import Factor


class Tool(enum.Enum):
    """The tools there are."""

    SMS = "sms"
    CARD = "card"

    @property
    def factor(self) -> Factor:
        """What the right code proves."""
        return _FACTORS[self]


_FACTORS = {Tool.SMS: Factor.SMS_CODE, Tool.CARD: Factor.CODE_CARD}

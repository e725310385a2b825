"""What is concluded from another machine's time: nothing of a minute's difference, and what is told of more.

Machines whose clocks are kept together differ by less than a second. Who refuses an honest peer half a minute away
refuses everybody until somebody looks at the clock, so up to a minute is allowed, as FAPI 2.0 allows it
(`oidc/jwt_claims.SKEW`); half a minute is worth a line in the log. Our own other machines are other machines, too.
"""

from email.utils import parsedate_to_datetime

CLOCKS_DIFFER_BY = 60
WORTH_TELLING = 30
_LONGEST_DATE = 64


def read_date(text: str) -> int | None:
    """The moment in an HTTP header `Date` (RFC 9110 §5.6.7), or None where it is none."""
    if len(text) > _LONGEST_DATE:
        return None
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None


def difference(date: int, sent_at: float, came_at: float) -> int:
    """By how many whole seconds a peer's clock is ahead of ours at least, or behind it: then it is negative.

    The peer wrote its whole second at some time between our question and its answer.
    """
    if date > came_at:
        return int(date - came_at)
    if date + 1 < sent_at:
        return -int(sent_at - (date + 1))
    return 0

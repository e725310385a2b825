"""Do two rows of times, taken in alternation, come from the same thing? Nothing is assumed of how times spread.

`superiority` is the chance that a time of the one row is longer than one of the other (Mann and Whitney's U as a
share; 0.5: no difference), the effect that an attacker would work with. `probability` is how often as large a
difference of trimmed means arises when the two names of each pair are swapped at random: a permutation test that
the drift of a machine does not fool, because both of a pair were measured one after the other.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, mean, median

PERMUTATIONS = 5000
TRIMMED = 0.1  # of the differences at either end: what the machine did meanwhile
SURE = 0.01


@dataclass(frozen=True)
class Difference:
    """What was found between two rows of pairs; times in microseconds."""

    pairs: int
    first: float  # medians
    second: float
    shift: float  # trimmed mean of the differences, second less first
    superiority: float
    probability: float

    @property
    def tries_needed(self) -> float:
        """How many tries of each kind an attacker needs to tell them apart, wrong one time in twenty (Noether 1987)."""
        effect = abs(self.superiority - 0.5)
        quantile = NormalDist().inv_cdf(0.95)
        return float("inf") if effect == 0 else (2 * quantile) ** 2 / (6 * effect**2)

    @property
    def told(self) -> bool:
        """Whether these measurements tell the two apart."""
        return self.probability < SURE


def difference(pairs: Sequence[tuple[float, float]], chance: random.Random) -> Difference:
    """Compare the two halves of every pair."""
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    apart = [other - one for one, other in pairs]
    shift = trimmed_mean(apart)
    as_large = sum(
        abs(trimmed_mean([value if chance.random() < 0.5 else -value for value in apart])) >= abs(shift)
        for _ in range(PERMUTATIONS)
    )
    return Difference(
        pairs=len(pairs),
        first=median(first),
        second=median(second),
        shift=shift,
        superiority=superiority(second, first),
        probability=(as_large + 1) / (PERMUTATIONS + 1),
    )


def trimmed_mean(values: Sequence[float]) -> float:
    """The mean without the extremes."""
    ordered, cut = sorted(values), int(len(values) * TRIMMED)
    return mean(ordered[cut : len(ordered) - cut])


def superiority(ones: Sequence[float], others: Sequence[float]) -> float:
    """The chance that one of the first is longer than one of the second; equal ones count half."""
    wins = sum((one > other) + 0.5 * (one == other) for one in ones for other in others)
    return wins / (len(ones) * len(others))

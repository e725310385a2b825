"""Do two rows of times, taken in alternation, come from the same thing? Nothing is assumed of how times spread.

`superiority` is the chance that a time of the one row is longer than one of the other (Mann and Whitney's U as a
share; 0.5: no difference), the effect that an attacker would work with. `probability` is how often signed ranks as
uneven (Wilcoxon) arise when the two of each pair are swapped at random: a permutation test that the drift of a machine
does not fool, because both of a pair were measured one after the other, nor its outliers, because only ranks count.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median

PERMUTATIONS = 5000
SURE = 0.01


@dataclass(frozen=True)
class Difference:
    """What was found between two rows of pairs; times in microseconds."""

    pairs: int
    first: float  # medians
    second: float
    shift: float  # median of the differences, second less first
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
    apart = sorted((other - one for one, other in pairs), key=abs)
    ranks = [rank if value > 0 else -rank for rank, value in enumerate(apart, start=1) if value]
    as_uneven = sum(
        abs(sum(rank if chance.random() < 0.5 else -rank for rank in ranks)) >= abs(sum(ranks))
        for _ in range(PERMUTATIONS)
    )
    return Difference(
        pairs=len(pairs),
        first=median(first),
        second=median(second),
        shift=median(apart),
        superiority=superiority(second, first),
        probability=(as_uneven + 1) / (PERMUTATIONS + 1),
    )


def superiority(ones: Sequence[float], others: Sequence[float]) -> float:
    """The chance that one of the first is longer than one of the second; equal ones count half."""
    wins = sum((one > other) + 0.5 * (one == other) for one in ones for other in others)
    return wins / (len(ones) * len(others))

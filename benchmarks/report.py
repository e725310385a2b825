"""What the rounds say together: medians, ratios, CPU per journey, and the same as JSON."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

from benchmarks.load import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One target on one journey. Latencies and CPU times in milliseconds."""

    target: str
    journey: str
    rounds: int
    per_second: float
    per_second_lowest: float
    per_second_highest: float
    server_cpu_ms: float
    database_cpu_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    core_used: float
    driver_core_used: float

    @property
    def per_cpu_second(self) -> float:
        """Journeys a whole core would carry; steadier than the rate when others share the machine."""
        return 1000 / (self.server_cpu_ms + self.database_cpu_ms)


def summary(target: str, journey: str, rounds: Sequence[Round]) -> Summary:
    """Rates and CPU are medians over the rounds; latencies are over all journeys of all rounds."""
    rates = [each.journeys / each.seconds for each in rounds]
    latencies = sorted(one for each in rounds for one in each.latencies)
    used = [(each.server_cpu + each.database_cpu) / each.seconds for each in rounds]
    return Summary(
        target=target,
        journey=journey,
        rounds=len(rounds),
        per_second=statistics.median(rates),
        per_second_lowest=min(rates),
        per_second_highest=max(rates),
        server_cpu_ms=1000 * statistics.median(each.server_cpu / each.journeys for each in rounds),
        database_cpu_ms=1000 * statistics.median(each.database_cpu / each.journeys for each in rounds),
        p50_ms=1000 * quantile(latencies, 0.50),
        p95_ms=1000 * quantile(latencies, 0.95),
        p99_ms=1000 * quantile(latencies, 0.99),
        core_used=statistics.median(used),
        driver_core_used=statistics.median(each.driver_cpu / each.seconds for each in rounds),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(title: str, summaries: Sequence[Summary]) -> Table:
    """One line per target; the ratios of rates are against each of the others, in the order of the lines."""
    shown = Table(title=title)
    shown.add_column("target")
    names = (
        "per s",
        "low–high",
        "per CPU s",
        "CPU ms server",
        "database",
        "p50 ms",
        "p95",
        "p99",
        "core",
        "driver",
    )
    for name in names:
        shown.add_column(name, justify="right")
    for number in range(1, len(summaries) + 1):
        shown.add_column(f"× of {number}", justify="right")
    for number, one in enumerate(summaries, start=1):
        shown.add_row(
            f"{number}. {one.target}",
            f"{one.per_second:.0f}",
            f"{one.per_second_lowest:.0f}–{one.per_second_highest:.0f}",
            f"{one.per_cpu_second:.0f}",
            f"{one.server_cpu_ms:.2f}",
            f"{one.database_cpu_ms:.2f}",
            f"{one.p50_ms:.1f}",
            f"{one.p95_ms:.1f}",
            f"{one.p99_ms:.1f}",
            f"{one.core_used:.0%}",
            f"{one.driver_core_used:.0%}",
            *(f"{one.per_second / other.per_second:.2f}" for other in summaries),
        )
    return shown


def as_json(summaries: Sequence[Summary]) -> list[dict[str, object]]:
    """The same figures for a machine."""
    return [{**asdict(one), "per_cpu_second": one.per_cpu_second} for one in summaries]

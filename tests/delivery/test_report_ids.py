"""A message's name in an answer and in a report is one, in whatever base each is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from poreka.delivery.report_ids import ENOUGH_REPORTS, ReportWatch, fitting, name_in_answer, name_in_report

numbers = st.integers(min_value=0, max_value=16**16)
zeros = st.integers(min_value=0, max_value=6)


@given(numbers, zeros, zeros, st.booleans())
def test_both_bases_are_one_name(number: int, before: int, behind: int, capitals: bool) -> None:
    decimal, hexadecimal = "0" * before + str(number), "0" * behind + (f"{number:X}" if capitals else f"{number:x}")
    assert name_in_answer(decimal, "hex") == name_in_report(hexadecimal, "hex") == str(number)
    assert name_in_answer(hexadecimal, "decimal") == name_in_report(decimal, "decimal") == f"{number:x}"


@given(st.text(max_size=70), st.sampled_from(["as_is", "hex", "decimal"]))
def test_what_is_no_number_stays_as_it_is(written: str, setting: str) -> None:
    if not written.isascii() or not written.isalnum():
        assert name_in_answer(written, setting) == name_in_report(written, setting) == written  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "answer", "setting"),
    [("a9", "a9", "as_is"), ("A9", "169", "hex"), ("0169", "00A9", "decimal"), ("a9", "b9", None), ("-1", "1", None)],
)
def test_the_setting_that_would_fit(report: str, answer: str, setting: str | None) -> None:
    assert fitting(report, ["other", answer]) == setting


def test_who_fits_once_is_watched_no_more() -> None:
    watch = ReportWatch("centre")
    with capture_logs() as logs:
        for fits in [False] * (ENOUGH_REPORTS - 1) + [True] + [False] * ENOUGH_REPORTS:
            watch.saw(fits, "a9", ["169"])
    assert not logs

"""Which message a delivery report is about, whatever base the centre writes its numbers in; and a word when none fits.

Centres name a message in the answer to submit_sm and again in the report. Some write that number in hexadecimal here
and in decimal there, with leading zeros or without (`SmppGateway.report_ids` says which). Both are read into one name:
the number in the answer's base, without zeros in front. What is no such number is taken as it stands.
"""

import re
from collections.abc import Iterable
from typing import Literal

import structlog

log = structlog.get_logger()

ReportIds = Literal["as_is", "hex", "decimal"]
ENOUGH_REPORTS = 10  # that fitted nothing, before that is said
DECIMAL, HEXADECIMAL = re.compile(r"[0-9]{1,64}"), re.compile(r"[0-9A-Fa-f]{1,64}")


def name_in_answer(written: str, report_ids: ReportIds) -> str:
    """The message's name, out of the answer to submit_sm."""
    if report_ids == "hex" and DECIMAL.fullmatch(written):
        return str(int(written))
    if report_ids == "decimal" and HEXADECIMAL.fullmatch(written):
        return f"{int(written, 16):x}"
    return written


def name_in_report(written: str, report_ids: ReportIds) -> str:
    """The message's name, out of a delivery report; equal to that of the answer."""
    if report_ids == "hex" and HEXADECIMAL.fullmatch(written):
        return str(int(written, 16))
    if report_ids == "decimal" and DECIMAL.fullmatch(written):
        return f"{int(written):x}"
    return written


def fitting(report: str, answers: Iterable[str]) -> ReportIds | None:
    """By which setting the id of a report would be one of these answers'."""
    known = tuple(answers)
    settings: tuple[ReportIds, ...] = ("as_is", "hex", "decimal")
    for setting in settings:
        if name_in_report(report, setting) in {name_in_answer(answer, setting) for answer in known}:
            return setting
    return None


class ReportWatch:
    """Counts one gateway's reports, and warns once when the first ones fit no message of ours."""

    def __init__(self, gateway: str) -> None:
        self._gateway, self._unfit, self._watching = gateway, 0, True

    def saw(self, fits: bool, report: str, answers: Iterable[str]) -> None:
        """A report came; `answers` are ids of messages whose reports have not come. No id is logged."""
        if not self._watching:
            return
        self._unfit += not fits
        if fits:
            self._watching = False
        elif self._unfit == ENOUGH_REPORTS:
            self._watching = False
            log.warning(
                "no delivery report fits a message: see report_ids in docs/operating.md",
                gateway=self._gateway,
                reports=self._unfit,
                fitting=fitting(report, answers),
            )

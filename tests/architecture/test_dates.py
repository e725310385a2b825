"""Dates are written in one place, so that people read them in one way."""

from tests.architecture.source import PACKAGE

ONLY_HERE = {
    "rules/shown_date.py",
    "rules/authorising/operation_message.py",
    "contracts/app_request.py",
    "systems/mobywatel/sign_in/across.py",
}
"""Where a day is put into letters: for people, for the SMS, and twice in what a phone's key signs."""


def test_days_are_written_by_one_function() -> None:
    """`shown_date` for people, `sms_date` for what is compared with an SMS; a pattern elsewhere is a third way."""
    found = {
        str(path.relative_to(PACKAGE))
        for suffix in ("*.py", "*.html")
        for path in PACKAGE.rglob(suffix)
        if any(pattern in path.read_text("utf-8") for pattern in ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"))
    }
    assert found == ONLY_HERE


def test_times_of_day_are_written_by_one_function() -> None:
    """`shown_date.time_of_day`: until when a code, a question or a session is good."""
    found = [
        str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if 'strftime("%H:' in path.read_text("utf-8")
    ]
    assert not found

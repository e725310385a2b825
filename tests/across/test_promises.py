"""What a page promises that the service may learn is what the answer tells it: one rule, every way a release ends."""

import pytest

from poreka.provider.release.answer import fault_of
from poreka.provider.rules.release import Ended, told_to_service
from poreka.web.texts import load_texts

SAID = {
    Ended.REFUSED: "bez podania przyczyny",
    Ended.CANCELLED: "„Anuluj”",
    Ended.ABORTED: "trzy razy podano błędny kod",
    Ended.EXPIRED: "minął czas",
    Ended.UNMET: "nie możemy dać wymaganego potwierdzenia",
}


@pytest.mark.parametrize("ended", SAID)
def test_the_page_promises_what_the_answer_tells(ended: Ended) -> None:
    promise = load_texts()["pl"](f"release.ended.told.{told_to_service(ended)}", service="PUE ZUS")
    assert SAID[ended] in promise
    assert "dowie się tylko" in promise
    answer = fault_of(ended)
    assert told_to_service(ended) in (answer.poreka_reason or answer.error)

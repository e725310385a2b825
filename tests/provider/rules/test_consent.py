import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.consent import AskedFacts, Consent, Needed, Remembered, WhyNeeded, recall, worded_facts
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact

ALL = (Fact.FIRST_NAME, Fact.SURNAME, Fact.PESEL)
CONSENT = Consent(
    service="pue",
    text_version="3",
    text_hash="words",
    facts=ALL,
    given_at=1000,
    operation_id="op-1",
    level=Level.SUBSTANTIAL,
)
ASKED = AskedFacts(
    service="pue",
    text_version="3",
    text_hashes=frozenset({"words", "words without legal names"}),
    facts=ALL,
    level=Level.LOW,
)


def test_a_consent_that_still_fits_is_remembered() -> None:
    assert recall(CONSENT, ASKED) == Remembered(CONSENT)


def test_the_order_of_facts_does_not_matter() -> None:
    assert recall(CONSENT, msgspec.structs.replace(ASKED, facts=tuple(reversed(ALL)))) == Remembered(CONSENT)


def test_no_consent() -> None:
    assert recall(None, ASKED) == Needed(WhyNeeded.NONE_GIVEN)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"service": "ikp"}, WhyNeeded.NONE_GIVEN),
        ({"every_time": True}, WhyNeeded.EVERY_TIME),
        ({"text_version": "4"}, WhyNeeded.TEXT_CHANGED),
        ({"text_hashes": frozenset({"other words"})}, WhyNeeded.TEXT_CHANGED),
        ({"level": Level.HIGH}, WhyNeeded.HIGHER_LEVEL),
    ],
)
def test_what_changed_asks_again(changes: dict[str, object], why: WhyNeeded) -> None:
    assert recall(CONSENT, msgspec.structs.replace(ASKED, **changes)) == Needed(why)


def test_a_consent_of_the_time_before_words_were_kept_goes_by_its_version() -> None:
    old = msgspec.structs.replace(CONSENT, text_hash=None)
    assert recall(old, ASKED) == Remembered(old)
    assert recall(old, msgspec.structs.replace(ASKED, text_version="4")) == Needed(WhyNeeded.TEXT_CHANGED)


def test_the_same_words_before_they_named_legal_entities_ask_nobody_anew() -> None:
    earlier = msgspec.structs.replace(CONSENT, text_hash="words without legal names")
    assert recall(earlier, ASKED) == Remembered(earlier)


def test_less_than_was_agreed_to_asks_nothing() -> None:
    for fewer in ((), ALL[:1], ALL[1:]):
        assert recall(CONSENT, msgspec.structs.replace(ASKED, facts=fewer)) == Remembered(CONSENT)
        assert worded_facts(CONSENT, fewer) == ALL, "the words that were agreed to are the ones to compare"
    assert worded_facts(None, ALL[:1]) == ALL[:1]


def test_a_wider_data_set_asks_again() -> None:
    narrow = msgspec.structs.replace(CONSENT, facts=(Fact.FIRST_NAME,))
    assert recall(narrow, ASKED) == Needed(WhyNeeded.DATA_CHANGED)


@given(st.integers())
def test_a_withdrawn_consent_is_never_remembered(at: int) -> None:
    withdrawn = msgspec.structs.replace(CONSENT, withdrawn_at=at)
    assert recall(withdrawn, ASKED) == Needed(WhyNeeded.WITHDRAWN)


def test_a_consent_survives_its_storage() -> None:
    assert msgspec.json.decode(msgspec.json.encode(CONSENT), type=Consent) == CONSENT

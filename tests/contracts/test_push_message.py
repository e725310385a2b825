import datetime

import msgspec

from poreka.contracts.app_request import OperationNamed, PushMessage, push_message, shown_words
from poreka.rules.authorising.operation import OperationLimits, issue
from poreka.rules.authorising.push_request import PushLimits, PushState, matching_number, open_request
from poreka.rules.authorising.shown_document import ShownDocument

NOW = 1_760_000_000


def test_the_app_is_told_who_asks_what_for_and_when_and_nothing_that_opens_anything() -> None:
    request = open_request(
        request_id="r1", person_id="jan", operation_id="o1", service="PUE ZUS", now=NOW, limits=PushLimits()
    )
    operation = issue(
        operation_id="o1",
        last_today=4,
        purpose="Logowanie do PUE ZUS",
        code_hash=b"x",
        now=NOW,
        limits=OperationLimits(),
        push_life=240,
    )
    told = push_message(request, operation, customer="21570133", provider="iPKO", now=NOW)
    sent = msgspec.json.encode(told)
    fields = msgspec.json.decode(sent)
    assert fields["operation"] == {"number": 5, "date": "2025-10-09"}
    assert fields["service"] == "PUE ZUS"
    assert fields["purpose"] == "Logowanie do PUE ZUS"
    assert fields["provider"] == "iPKO"
    assert fields["expires_at"] == "2025-10-09T10:55:20+02:00"
    assert fields.keys() == {
        "id", "customer", "provider", "service", "purpose", "operation", "asked_at", "expires_at", "state",
    }  # fmt: skip
    assert matching_number(b"k" * 32, "r1") not in {str(value) for value in fields.values()}
    assert msgspec.json.decode(sent, type=PushMessage) == told
    assert isinstance(told.asked_at, datetime.datetime)


def test_what_the_key_signs_holds_every_word_that_tells_one_request_from_another() -> None:
    document = ShownDocument(name="umowa.pdf", hash="ab12 " * 15 + "ab12")
    told = PushMessage(
        id="r1",
        customer="jan",
        provider="Profil Zaufany",
        service="PUE ZUS",
        purpose="Podpis: Umowa",
        operation=OperationNamed(number=5, date=datetime.date(2026, 1, 2)),
        asked_at=datetime.datetime.fromtimestamp(NOW, datetime.UTC),
        expires_at=datetime.datetime.fromtimestamp(NOW + 60, datetime.UTC),
        state=PushState.OPEN,
        document=document,
    )
    words = shown_words(told)
    for other in (
        {"provider": "iPKO"},
        {"service": "IKP"},
        {"purpose": "Podpis: Aneks"},
        {"document": None},
        {"document": ShownDocument(name="aneks.pdf", hash=document.hash)},
        {"document": ShownDocument(name=document.name, hash="cd34 " * 15 + "cd34")},
        {"operation": OperationNamed(number=6, date=datetime.date(2026, 1, 2))},
    ):
        assert shown_words(msgspec.structs.replace(told, **other)) != words
    assert document.short_hash == "ab12 ab12 ab12 ab12"


def test_a_request_that_has_lapsed_is_told_as_lapsed() -> None:
    request = open_request(
        request_id="r1", person_id="jan", operation_id="o1", service="PUE", now=NOW, limits=PushLimits()
    )
    operation = issue(
        operation_id="o1", last_today=0, purpose="x", code_hash=b"", now=NOW, limits=OperationLimits(), push_life=240
    )
    told = push_message(request, operation, customer="1", provider="b", now=NOW + 120)
    assert told.state is PushState.LAPSED

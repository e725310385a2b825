import datetime
import re

from msgspec.structs import replace

from poreka.delivery.sms_text import is_gsm, sms_parts
from poreka.rules.authorising.operation import NewCode, Operation, OperationLimits, issue, resend
from poreka.rules.authorising.operation_code import Code
from poreka.rules.authorising.operation_message import sms_text
from poreka.rules.authorising.shown_document import ShownDocument

LIMITS = OperationLimits()


def at(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp())


def issued(now: int) -> Operation:
    return issue(
        operation_id="op",
        last_today=None,
        purpose="Logowanie do PUE ZUS",
        code_hash=b"h",
        now=now,
        limits=LIMITS,
    )


def test_the_message_follows_the_known_pattern() -> None:
    now = at("2015-08-15T12:05:00+02:00")
    assert sms_text(issued(now), Code("012345"), now) == (
        "15-08-2015 12:05; Logowanie do PUE ZUS; Kod SMS nr 1: 012345"
    )


def test_a_code_sent_again_has_the_same_number_and_date_and_its_own_time() -> None:
    now = at("2015-08-15T12:05:00+02:00")
    again = resend(issued(now), b"i", now + 60, LIMITS)
    assert isinstance(again, NewCode)
    assert sms_text(again.operation, Code("222222"), now + 60) == (
        "15-08-2015 12:06; Logowanie do PUE ZUS; Kod SMS nr 1: 222222"
    )


def test_after_midnight_the_date_stays_the_one_on_the_page() -> None:
    operation = issued(at("2015-08-15T23:59:30+02:00"))
    text = sms_text(operation, Code("222222"), at("2015-08-16T00:00:30+02:00"))
    assert text.startswith("15-08-2015 23:59; ")


def test_where_it_is_wished_for_the_last_line_binds_the_code_to_a_domain() -> None:
    now = at("2015-08-15T12:05:00+02:00")
    bound = sms_text(issued(now), Code("012345"), now, "bank.example")
    assert bound == f"{sms_text(issued(now), Code('012345'), now)}\n@bank.example #012345"
    assert is_gsm(bound), "no letter of it makes a message of seventy characters out of one of a hundred and sixty"
    assert len(sms_parts(bound, 1).parts) == 1
    polish = sms_text(
        replace(issued(now), purpose="Zmiana narzędzia: łącze, aplikacja"), Code("012345"), now, "b.example"
    )
    assert len(sms_parts(polish, 1).parts) == 2, "a longer one goes in parts, which a phone puts together"


def test_before_a_document_s_longer_numbers_comes_the_code() -> None:
    now = at("2015-08-15T12:05:00+02:00")
    signed = replace(
        issued(now), purpose="Podpis: Wniosek nr 6033523715", document=ShownDocument(name="w.txt", hash="ab12")
    )
    text = sms_text(signed, Code("133776"), now)
    assert re.findall(r"\d{5,}", text)[0] == "133776"


def test_it_fits_one_sms_in_any_alphabet() -> None:
    now = at("2015-08-15T12:05:00+02:00")
    assert len(sms_text(issued(now), Code("123456"), now)) <= 70

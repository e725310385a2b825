import pytest

from poreka.oidc.relying_party.exchange import (
    LARGEST_JSON,
    Answer,
    error_code,
    form_post,
    json_from,
    json_object,
    media_type,
)
from poreka.oidc.relying_party.faults import ProviderFault
from tests.oidc.relying_party.foreign_provider import form_of, json_answer


def test_a_form_is_sent_encoded() -> None:
    request = form_post("https://a.example/", {"a": "b c&d", "ż": "ó"}, {"dpop": "proof"})
    assert form_of(request) == {"a": "b c&d", "ż": "ó"}
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["dpop"] == "proof"


def test_media_type_without_parameters() -> None:
    answer = Answer(status=200, headers={"content-type": " Application/JSON ; charset=utf-8"}, body=b"")
    assert media_type(answer) == "application/json"
    assert media_type(Answer(status=200, headers={}, body=b"")) == ""


def test_json_is_read_only_when_it_says_so() -> None:
    assert json_object(json_answer({"a": 1}), "token_answer") == {"a": 1}
    with pytest.raises(ProviderFault) as refused:
        json_object(Answer(status=200, headers={"content-type": "text/html"}, body=b"{}"), "token_answer")
    assert refused.value.kind == "token_answer"


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"a":\xff}', b'{"a":' + b"[" * 100_000])
def test_anything_but_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(ProviderFault):
        json_from(body, "userinfo")


def test_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(ProviderFault) as refused:
        json_from(b'{"a":"' + b"a" * LARGEST_JSON + b'"}', "userinfo")
    assert "bytes" in refused.value.detail


def test_only_codes_reach_the_log() -> None:
    assert error_code(json_answer({"error": "invalid_grant"}, 400)) == "invalid_grant"
    assert error_code(json_answer({"error": "x\ninjected line"}, 400)) == "none"
    assert error_code(json_answer({"error": 1}, 400)) == "none"
    assert error_code(Answer(status=502, headers={}, body=b"<html>")) == "none"

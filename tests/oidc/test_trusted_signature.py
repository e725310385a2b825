"""What may be asked to be signed, and what a statement is about."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.errors import TokenRefused
from poreka.oidc.trusted_signature import (
    DetailsRefused,
    MadeFor,
    OperationNamed,
    Signatory,
    SignatureRequest,
    Statement,
    details_text,
    document_hash,
    is_about,
    read_details,
    read_statement,
    readable_hash,
    statement_in,
    with_statement,
)

ASKED = SignatureRequest(summary="Wniosek", document_name="a.txt", document_hash=document_hash(b"a"))
STATEMENT = Statement(
    iss="https://pz.example",
    jti="1",
    iat=1,
    summary="Wniosek",
    document_name="a.txt",
    document_hash=document_hash(b"a"),
    person=Signatory(given_name="Jan", family_name="Kowalski", pesel="83041741039"),
    acr="x",
    amr=(),
    operation=OperationNamed(number=1, date="2027-01-15", tool="sms"),
    client=MadeFor(client_id="pue", name="PUE"),
)


def test_what_is_asked_is_read_again() -> None:
    assert read_details(details_text(ASKED)) == ASKED
    assert readable_hash(document_hash(b"")).startswith("e3b0 c442 98fc 1c14")
    assert "Kowalski" not in repr(STATEMENT.person)


@given(st.text(max_size=300))
def test_nothing_else_is(text: str) -> None:
    with pytest.raises(DetailsRefused):
        read_details(text)


@given(st.text(max_size=220), st.text(max_size=130), st.binary(max_size=50))
def test_whatever_is_taken_is_short_and_printable(summary: str, name: str, document: bytes) -> None:
    asked = {"type": "trusted_signature", "summary": summary, "document_name": name}
    hashed = {"alg": "sha-256", "value": document_hash(document).value}
    try:
        found = read_details(json.dumps([{**asked, "document_hash": hashed}]))
    except DetailsRefused:
        return
    assert 0 < len(found.summary) <= 200
    assert (found.summary + found.document_name).isprintable()


def test_too_long_is_refused_unread() -> None:
    with pytest.raises(DetailsRefused):
        read_details("[" + " " * 5000 + "]")


def test_a_statement_is_taken_out_of_the_same_detail_only() -> None:
    details = with_statement(ASKED, "a.b.c")
    assert statement_in(details, ASKED) == "a.b.c"
    other = SignatureRequest(summary="Inny", document_name="a.txt", document_hash=document_hash(b"a"))
    for wrong in (None, [], [1], details * 2, with_statement(other, "a.b.c"), [{**details[0], "statement": 1}]):
        with pytest.raises(TokenRefused):
            statement_in(wrong, ASKED)


def test_a_statement_is_about_one_document_under_one_name() -> None:
    assert is_about(STATEMENT, ASKED)
    for changes in ({"summary": "x"}, {"document_name": "x"}, {"document_hash": document_hash(b"b")}):
        values = {name: getattr(ASKED, name) for name in ASKED.__struct_fields__}
        assert not is_about(STATEMENT, SignatureRequest(**{**values, **changes}))
    with pytest.raises(TokenRefused):
        read_statement({"iss": "x"})

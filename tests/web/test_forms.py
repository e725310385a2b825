"""Reading forms: limits, repetition, content types, encodings; and that nothing raises but `BadForm`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poreka.web.forms import (
    BODY_LIMIT,
    FIELD_LIMIT,
    FORM_TYPE,
    BadForm,
    once,
    query_pairs,
    read_body,
    read_pairs,
)
from tests.web.requests_by_hand import request

FORM = [("content-type", FORM_TYPE)]


async def pairs_of(*parts: bytes, headers: list[tuple[str, str]] = FORM) -> list[tuple[str, str]]:
    return await read_pairs(request("POST", headers=headers, parts=parts))


async def test_pairs_come_in_order_with_blank_values() -> None:
    assert await pairs_of(b"b=2&a=%C5%82+x", b"&c=&b=3") == [("b", "2"), ("a", "ł x"), ("c", ""), ("b", "3")]


@pytest.mark.parametrize("content_type", [FORM_TYPE, FORM_TYPE.upper(), FORM_TYPE + "; charset=utf-8"])
async def test_the_content_type_may_carry_parameters(content_type: str) -> None:
    assert await pairs_of(b"a=1", headers=[("content-type", content_type)]) == [("a", "1")]


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "multipart/form-data; boundary=x", "text/plain", FORM_TYPE + "x"]
)
async def test_other_content_types_are_refused(content_type: str) -> None:
    with pytest.raises(BadForm) as refused:
        await pairs_of(b"a=1", headers=[("content-type", content_type)])
    assert (refused.value.kind, refused.value.status) == ("content_type", 415)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, identity", "x"])
async def test_nothing_is_decompressed(encoding: str) -> None:
    with pytest.raises(BadForm) as refused:
        await pairs_of(b"a=1", headers=[*FORM, ("content-encoding", encoding)])
    assert (refused.value.kind, refused.value.status) == ("content_encoding", 415)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=%ff", "unreadable"),
        (b"a=%ed%a0%80", "unreadable"),
        ("a=ł".encode(), "unreadable"),
        (b"a=%00", "unreadable"),
        (b"%00=a", "unreadable"),
        (b"&".join(b"a=%d" % n for n in range(101)), "unreadable"),
        (b"a=" + b"x" * (FIELD_LIMIT + 1), "field_too_long"),
        (b"a=" + b"%C5%82" * (FIELD_LIMIT // 2 + 1), "field_too_long"),
        (b"x" * (FIELD_LIMIT + 1) + b"=a", "field_too_long"),
    ],
)
async def test_bodies_that_cannot_be_read(body: bytes, kind: str) -> None:
    with pytest.raises(BadForm) as refused:
        await pairs_of(body)
    assert (refused.value.kind, refused.value.status) == (kind, 400)


async def test_the_longest_field_is_read() -> None:
    assert await pairs_of(b"a=" + b"x" * FIELD_LIMIT) == [("a", "x" * FIELD_LIMIT)]


async def test_a_body_is_limited_whether_announced_or_not() -> None:
    whole = await read_body(request("POST", parts=[b"x" * BODY_LIMIT]))
    assert len(whole) == BODY_LIMIT
    for made in (
        request("POST", parts=[b"x" * BODY_LIMIT, b"y"]),
        request("POST", headers=[("content-length", str(BODY_LIMIT + 1))], parts=[b"x"]),
        request("POST", headers=[("content-length", "9" * 5000)], parts=[b"x"]),
    ):
        with pytest.raises(BadForm) as refused:
            await read_body(made)
        assert (refused.value.kind, refused.value.status) == ("too_large", 413)


@pytest.mark.parametrize("length", ["-1", "ten", "1e3", "0x10", "²", "1_0", " 1"])
async def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    with pytest.raises(BadForm):
        await read_body(request("POST", headers=[("content-length", length)], parts=[b"x"]))


def test_fields_are_known_and_once_and_missing_ones_empty() -> None:
    assert once([("a", "1")], ("a", "b")) == {"a": "1", "b": ""}
    for pairs, kind in (([("a", "1"), ("a", "1")], "repeated"), ([("c", "1")], "unknown_field")):
        with pytest.raises(BadForm) as refused:
            once(pairs, ("a", "b"))
        assert refused.value.kind == kind


def test_a_query_is_read_like_a_form() -> None:
    assert query_pairs(request(query=b"a=1&b=%C5%82")) == [("a", "1"), ("b", "ł")]
    for query in (b"a=%ff", b"a=\xff", b"a=%00"):
        with pytest.raises(BadForm):
            query_pairs(request(query=query))


@given(body=st.binary(max_size=300) | st.text(alphabet="%a0f=&;+\0é", max_size=60).map(str.encode))
@settings(max_examples=300, deadline=None)
async def test_random_bytes_raise_nothing_but_bad_form(body: bytes) -> None:
    for made in (request("POST", headers=FORM, parts=[body]), request(query=body)):
        try:
            pairs = await read_pairs(made) if made.method == "POST" else query_pairs(made)
        except BadForm as refused:
            assert 400 <= refused.status < 500  # noqa: PT017 - most bytes are no form, a few are one
        else:
            assert all("\0" not in name + value for name, value in pairs)
            "".join(name + value for name, value in pairs).encode()  # no lone surrogates

import io
import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from poreka.running.serving.logs import log_json, log_short, masked

PESEL = "83041741039"
TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
SECRET = "ESKK9KdvNLxedAo0Ig2nOmEgmUo3kqAgBoJ5VRvZ83Y"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("said", "private"),
    [
        (f"no customer {PESEL} here", PESEL),
        ("the bank has 851212569836", "851212569836"),
        ("Kod SMS nr 1: 123456", "123456"),
        (f"Bearer {TOKEN}", TOKEN),
        (f"cookie {SECRET}", SECRET),
        ("GET /callback?code=abc&state=xyz", "abc"),
        ("urn:x?request_uri=urn:ietf:params:1", "urn:ietf:params:1"),
    ],
)
def test_what_may_be_private_is_masked_wherever_it_stands(said: str, private: str) -> None:
    for value in (said, [said], {"a": {"b": said}}, ValueError(said)):
        assert private not in json.dumps(masked(value))


def test_private_names_hide_their_values_and_whole_numbers_like_a_pesel_too() -> None:
    assert masked({"password": "x", "Code": 1, "inner": {"pesel": "y"}}) == {
        "password": "[hidden]", "Code": "[hidden]", "inner": {"pesel": "[hidden]"},
    }  # fmt: skip
    assert masked(int(PESEL)) == "[number]"


def test_what_operators_need_stays() -> None:
    kept = {
        "status": 503,
        "path": "/release/06gvop5vggnoesl03h8s7qcmp4",
        "on": True,
        "none": None,
        "port": "8000",
    }
    assert masked(kept) == kept


def test_a_line_of_json_with_the_time_and_without_private_things(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    log_json()
    try:
        raise ValueError(f"bad customer {PESEL}")
    except ValueError as error:
        structlog.get_logger().error("failed", person=PESEL, exc_info=error)
    line = json.loads(lines.getvalue())
    assert (line["event"], line["level"]) == ("failed", "error")
    assert "ValueError: bad customer [number]" in line["exception"]
    assert PESEL not in lines.getvalue()
    assert line["timestamp"].startswith("20")


def test_the_demonstration_is_quiet_and_shows_no_local_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    log_short()
    log = structlog.get_logger()
    log.info("nothing to see")
    assert lines.getvalue() == ""
    owner = f"{PESEL} in a local variable"
    try:
        raise ValueError("a bug")
    except ValueError as error:
        log.error("failed", exc_info=error)
    assert "a bug" in lines.getvalue()
    assert owner not in lines.getvalue()
    assert PESEL not in lines.getvalue()

"""Forms with files: read whole and strictly, or refused with a reason (RFC 7578)."""

import pytest

from poreka.web.forms import BadForm
from poreka.web.uploads import _fields

TWO = (
    b'--b\r\nContent-Disposition: form-data; name="statement"\r\n\r\n a.b.c \r\n'
    b'--b\r\nContent-Disposition: form-data; name="document"; filename="z.txt"\r\nContent-Type: text/plain\r\n\r\n'
    b"\x00\r\n--c\r\n\xff\r\n--b--\r\n"
)
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n'


def test_text_and_file_byte_for_byte() -> None:
    assert _fields(TWO, "b") == {"statement": b" a.b.c ", "document": b"\x00\r\n--c\r\n\xff"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b"", "unreadable", id="nothing"),
        pytest.param(TWO[:-6], "unreadable", id="cut off"),
        pytest.param(b"x" + TWO, "unreadable", id="something before"),
        pytest.param(PART % b"a" + PART % b"a" + b"--b--\r\n", "repeated", id="a field twice"),
        pytest.param(b"".join(PART % b"%d" % n for n in range(17)) + b"--b--\r\n", "unreadable", id="too many parts"),
        pytest.param(b"--b\r\n\r\nx\r\n--b--\r\n", "unreadable", id="no name"),
        pytest.param(
            b"--b\r\n" + b"X-A: b\r\n" * 600 + (PART % b"a")[5:] + b"--b--\r\n", "unreadable", id="a long head"
        ),
    ],
)
def test_what_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(BadForm) as refused:
        _fields(body, "b")
    assert refused.value.kind == kind

"""How a CSV file is written: seen, or said which trouble it is."""

import io

import pytest

from poreka.provider.customers.table_file import FileUnfit, Lines, form_of, rows_of

POLISH = "imię;nazwisko\r\nŁucja;Wąż\r\nŻółć;Woźniak\r\n"


def read(content: bytes) -> tuple[str, list[list[str]]]:
    file = io.BytesIO(content)
    form = form_of(file)
    return str(form), list(rows_of(Lines(file, form.encoding), form))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_letters_are_the_same_in_every_encoding(encoding: str, end: str) -> None:
    _, rows = read(POLISH.replace("\r\n", end).encode(encoding))
    assert rows == [["imię", "nazwisko"], ["Łucja", "Wąż"], ["Żółć", "Woźniak"]]


def test_utf_16_is_read_in_both_orders_of_its_bytes() -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        form, rows = read(mark + POLISH.encode(encoding))
        assert form == "UTF-16, separated by semicolons"
        assert rows[1] == ["Łucja", "Wąż"]


@pytest.mark.parametrize(
    ("content", "form", "header"),
    [
        ("a;b\n", "semicolons", ["a", "b"]),
        ("a,b\n", "commas", ["a", "b"]),
        ("a\tb\n", "tabs", ["a", "b"]),
        ('"a;x",b,c\n', "commas", ["a;x", "b", "c"]),
        ("sep=,\na,b;c\n", "commas", ["a", "b;c"]),
        ('"SEP=\t"\r\na\tb\r\n', "tabs", ["a", "b"]),
    ],
)
def test_the_separator_is_seen_in_the_header_or_named_before_it(content: str, form: str, header: list[str]) -> None:
    told, rows = read(content.encode())
    assert told == f"UTF-8, separated by {form}"
    assert rows[0] == header


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (POLISH.encode("utf-16-le"), "is UTF-16 without the mark"),
        (POLISH.encode("utf-16-be"), "is UTF-16 without the mark"),
        (POLISH.encode("utf-16")[:-1], "begins as UTF-16, and is not UTF-16 to its end"),
        (POLISH.encode("utf-32"), "is UTF-32"),
        (POLISH.encode("iso-8859-2"), "is ISO-8859-2"),
        ("imię;nazwisko\nJan;Woźniak\n".encode("iso-8859-2"), "is ISO-8859-2"),
        (POLISH.encode() + "Wąż\n".encode("cp1250"), "line 4: is not UTF-8, though other lines are"),
        (POLISH.encode("utf-8-sig") + b"\xb9\n", "line 4: is not UTF-8, though the file begins as UTF-8"),
        ("imię;nazwisko\n".encode("cp1250") + b"\x81\n", "is neither UTF-8 nor UTF-16 nor Windows-1250"),
        (b"PK\x03\x04\x14\0", "is a workbook (.xlsx or .ods)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a workbook (.xls)"),
        (b"a;b\0c\n", "is no text"),
        (b"a|b|c\n", "the separator is |"),
        (b"sep=|\na|b\n", "sep= names a separator"),
        (b'a;b\n"x;y\n', "a quotation mark"),
    ],
)
def test_every_other_file_is_refused_by_what_it_is(content: bytes, said: str) -> None:
    with pytest.raises(FileUnfit) as unfit:
        read(content)
    assert said in str(unfit.value)
    assert "Wąż" not in str(unfit.value)


def test_a_letter_at_the_border_of_two_pieces_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (1, 2, 3):
        monkeypatch.setattr("poreka.provider.customers.table_file.CHUNK", size)
        for encoding in ("utf-8", "cp1250"):
            assert read(("x;y\n" + "ż;ź\n" * 5).encode(encoding))[1][1:] == [["ż", "ź"]] * 5

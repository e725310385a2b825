"""`poreka customers import`: what is taken, what is refused and how that is told, and files made to do harm."""

import asyncio
import csv
import json
import stat
from pathlib import Path

import pytest

from poreka.provider.rules.masked_characters import matches
from poreka.provider.store.customer_directory import Customer
from poreka.provider.store.customers import Credentials, Customers
from poreka.running.foundation import lay
from poreka.running.real_clock import real_clock
from poreka.settings import read_settings
from tests.cli.conftest import Run

HASH = "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamtsbW5vcA$kFXb3Lzq0K2Yq1nT0mS1bYQ9P2u0oH0V5Zl4WmZc0pE"
COLUMNS = (
    "number", "password_hash", "first_name", "surname", "pesel", "phone", "identity_verified", "account_role",
    "sms_active",
)  # fmt: skip
JAN = ["21570133", HASH, "Jan", "Kowalski", "83041741039", "600201011", "true", "owner", "true"]
ANNA = ["21571404", HASH, "Anna", "Nowak-Zielińska", "79090344729", "600201018", "true", "co_owner", "true"]


def table(file: Path, *rows: list[str], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with file.open("w", encoding=encoding, newline="") as opened:
        csv.writer(opened, delimiter=delimiter).writerows([COLUMNS, *rows])
    return file


@pytest.fixture
def people(tmp_path: Path) -> Path:
    return table(tmp_path / "people.csv", JAN, ANNA)


def customer(bank: Path, number: str) -> tuple[Customer, Credentials] | None:
    async def found() -> tuple[Customer, Credentials] | None:
        base = await lay(read_settings(bank), bank.parent, real_clock)
        try:
            return await Customers(base.database, base.seal, base.fresh).to_sign_in(number)
        finally:
            await base.database.close()

    return asyncio.run(found())


def changed(row: list[str], **cells: str) -> list[str]:
    return [cells.get(name, cell) for name, cell in zip(COLUMNS, row, strict=True)]


def test_good_rows_become_customers_and_the_import_is_audited_once(run: Run, bank: Path, people: Path) -> None:
    ended = run("customers", "import", bank, people)
    assert ended.code == 0
    assert ended.out == "read as UTF-8, separated by commas\nadded  2\nbrought up to date  0\nrefused  0\n"
    found = customer(bank, "21571404")
    assert found is not None
    assert (found[0].surname, found[0].account_role.value) == ("Nowak-Zielińska", "co_owner")
    assert found[0].valid_pesel is not None
    assert matches(found[1].identifier, (1, 11), "79")
    told = run("audit", "show", bank).out
    assert told.count("CustomersImported") == 1
    assert run("audit", "verify", bank).code == 0


def test_a_second_import_brings_up_to_date_and_keeps_the_id(run: Run, bank: Path, people: Path) -> None:
    run("customers", "import", bank, people)
    before = customer(bank, "21570133")
    table(people, changed(JAN, phone="600201099"))
    assert "brought up to date  1" in run("customers", "import", bank, people).out
    after = customer(bank, "21570133")
    assert before is not None
    assert after is not None
    assert (after[0].id, after[0].phone, before[0].phone) == (before[0].id, "+48600201099", "+48600201011")


def test_a_dry_run_says_what_would_be_and_saves_nothing(run: Run, bank: Path, people: Path) -> None:
    assert "would be added  2" in run("customers", "import", bank, people, "--dry-run").out
    assert customer(bank, "21570133") is None
    assert "CustomersImported" not in run("audit", "show", bank).out


def test_refused_rows_are_reported_by_line_and_column_without_their_values(
    run: Run, bank: Path, tmp_path: Path
) -> None:
    wrong = "83041741038"
    file = table(
        tmp_path / "people.csv",
        changed(JAN, pesel=wrong, surname="=HYPERLINK(1)", phone="@SUM(1)"),
        ANNA,
        ANNA,
        ["too", "few"],
        changed(JAN, account_role="-2+3", password_hash="moje-tajne-hasło"),
        changed(JAN, surname="two\nlines"),
        changed(JAN, surname="+1"),
        changed(JAN, first_name="Анна"),
    )
    report = tmp_path / "refused.csv"
    ended = run("customers", "import", bank, file, "--report", report, "--report-language", "en")
    assert ended.code == 1
    assert report.read_bytes().startswith(b"\xef\xbb\xbfrow;column;"), "Excel in Polish opens it as a table"
    with report.open(encoding="utf-8-sig", newline="") as opened:
        told = [tuple(row[:3]) for row in csv.reader(opened, delimiter=";")]
    assert told == [
        ("row", "column", "what is wrong"),
        ("2", "pesel", "A PESEL with a wrong check digit"),
        ("2", "surname", "This is not a name in Latin letters"),
        ("2", "phone", "This is not a phone number"),
        ("4", "number", "This number is already further up in this file"),
        ("5", "", "The number of cells differs from the header"),
        ("6", "password_hash", "This is not a password hash of argon2 or bcrypt"),
        ("6", "account_role", "Write: owner, co_owner, authorised or none"),
        ("7", "surname", "A character that cannot be printed, such as a new line: remove it"),
        ("8", "surname", "This is not a name in Latin letters"),
        ("9", "first_name", "This is not a name in Latin letters"),
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in told for cell in row)
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    for text in (ended.out, ended.err, report.read_text("utf-8")):
        assert not any(private in text for private in (wrong, "tajne", "HYPERLINK", "Nowak"))
    assert customer(bank, "21571404") is not None


def test_without_a_report_the_first_refused_rows_are_told(run: Run, bank: Path, tmp_path: Path) -> None:
    file = table(tmp_path / "people.csv", *(changed(JAN, number=str(number)) for number in range(50)))
    ended = run("customers", "import", bank, file)
    assert ended.code == 1
    assert ended.out.count("number: The number has eight digits") == 10
    assert "refused  50" in ended.out
    assert "CustomersImported" not in run("audit", "show", bank).out


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_what_spreadsheets_write_is_read(run: Run, bank: Path, tmp_path: Path, delimiter: str, encoding: str) -> None:
    file = table(tmp_path / "people.csv", JAN, ANNA, delimiter=delimiter, encoding=encoding)
    ended = run("customers", "import", bank, file, "--dry-run")
    assert "added  2" in ended.out
    assert {"cp1250": "Windows-1250", "utf-16": "UTF-16"}.get(encoding, "UTF-8") in ended.out


def test_a_file_out_of_excel_in_polish_is_taken_and_its_report_goes_back(run: Run, bank: Path, tmp_path: Path) -> None:
    file, report = tmp_path / "klienci.csv", tmp_path / "poprawki.csv"
    lines = [
        "sep=;",
        "NUMER KLIENTA;Skrót hasła;Imię;Nazwisko;PESEL;Telefon;Tożsamość potwierdzona;Rola;SMS aktywny;;",
        f"21570133;{HASH};Łucja;Wąż;3212800002;+48\u00a0600\u00a0201\u00a0011;PRAWDA;właściciel;1;;",
        f"21571404;{HASH};Żaneta;O’Brien;79090344729;600-201-018;tak;Współwłaściciel;FAŁSZ;;",
        f"21571405;{HASH};Anna;Nowak;7,90903E+10;22 123 45 67;tak;prezes;tak;;",
        ";;;;;;;;;;",
    ]
    file.write_bytes("\r\n".join(lines).encode("cp1250"))
    ended = run("customers", "import", bank, file, "--report", report)
    assert "read as Windows-1250, separated by semicolons\nadded  2\n" in ended.out
    assert "refused  1\nmended  1" in ended.out
    assert report.read_text("utf-8-sig").splitlines() == [
        "wiersz;kolumna;co poprawić;wynik",
        "2;PESEL;Arkusz zgubił zera na początku, dodano je, cyfra kontrolna się zgadza;przyjęty po poprawce",
        "4;PESEL;Arkusz skrócił liczbę (np. 8,3E+10): ustaw kolumnę jako tekst i wpisz całą;odrzucony",
        "4;Telefon;To nie jest numer komórkowy: nie dojdzie tam SMS;odrzucony",
        "4;Rola;Wpisz: właściciel, współwłaściciel, pełnomocnik albo brak;odrzucony",
    ]
    for number, surname, pesel, phone in (
        ("21570133", "Wąż", "03212800002", "+48600201011"),
        ("21571404", "O’Brien", "79090344729", "+48600201018"),
    ):
        found = customer(bank, number)
        assert found is not None
        assert found[0].valid_pesel is not None
        assert (found[0].surname, found[0].valid_pesel.digits, found[0].phone) == (surname, pesel, phone)


HEADER = ",".join(COLUMNS).encode() + b"\n"
GOOD = ",".join(JAN).encode().replace(HASH.encode(), b'"' + HASH.encode() + b'"') + b"\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "row 1: the column number is missing"),
        (b"number;first_name\n", "row 1: the column password_hash is missing"),
        (HEADER[:-1] + b",PESEL 83041741039\n", "row 1: column 10 has a name that is none of ours"),
        (HEADER + GOOD + b'"never closed,' + GOOD * 3, "a quotation mark"),
        (HEADER + GOOD + b'"a"b,' + GOOD, "line 3: a quotation mark"),
        (HEADER + GOOD + b"x" * 70_000, "line 3: is longer than 65536 characters"),
        (HEADER + GOOD + b'"' + b"83041741039\n" * 20_000, "a cell is too long"),
        (HEADER.decode().encode("utf-16-le"), "is UTF-16 without the mark at its start (BOM)"),
        (bytes(range(256)) * 40, "is no text"),
    ],
)
def test_a_file_at_fault_as_a_whole_changes_nothing(
    run: Run, bank: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    ended = run("customers", "import", bank, file)
    assert ended.code == 1
    assert f"poreka: {file}: " in ended.err
    assert said in ended.err
    assert "83041741039" not in ended.err + ended.out
    assert customer(bank, "21570133") is None


def test_the_report_never_takes_the_place_of_the_file(run: Run, bank: Path, people: Path) -> None:
    before = people.read_bytes()
    assert run("customers", "import", bank, people, "--report", people).code == 1
    link = people.with_name("link.csv")
    link.symlink_to(bank)
    assert run("customers", "import", bank, people, "--report", link).code == 1
    assert people.read_bytes() == before
    assert bank.read_text("utf-8").startswith("#") or "[system]" in bank.read_text("utf-8")


def test_a_file_that_is_not_there_is_told(run: Run, bank: Path, tmp_path: Path) -> None:
    ended = run("customers", "import", bank, tmp_path / "gone.csv")
    assert ended.code == 1
    assert "gone.csv" in ended.err


def test_customers_of_another_system_are_not_imported_here(run: Run, bank: Path, people: Path) -> None:
    text = bank.read_text("utf-8")
    url = json.dumps("http://localhost:9/v1")
    bank.write_text(f'{text}\n[customers]\nsource = "http"\nurl = {url}\n', encoding="utf-8")
    ended = run("customers", "import", bank, people)
    assert ended.code == 1
    assert "customers.source" in ended.err


@pytest.mark.postgres
def test_it_is_the_same_on_postgresql(run: Run, bank: Path, people: Path, postgres_dsn: str) -> None:
    text = bank.read_text("utf-8")
    assert 'database = "sqlite:millenet.db"' in text
    bank.write_text(text.replace('"sqlite:millenet.db"', json.dumps(postgres_dsn)), encoding="utf-8")
    assert "added  2" in run("customers", "import", bank, people).out
    table(people, changed(JAN, surname="Nowy"), changed(ANNA, pesel=""))
    assert "brought up to date  1\nrefused  1" in run("customers", "import", bank, people).out
    found = customer(bank, "21570133")
    assert found is not None
    assert found[0].surname == "Nowy"

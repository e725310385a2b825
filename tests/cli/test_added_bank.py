"""A sixth provider is one settings file: the one that docs/connect-your-bank.md shows."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run

DOCS = Path(__file__).parents[2] / "docs" / "connect-your-bank.md"


@pytest.fixture
def rzeka(tmp_path: Path) -> Path:
    found = re.search(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None
    file = tmp_path / "rzeka.toml"
    file.write_text(found[1], "utf-8")
    return file


def test_its_settings_are_good(run: Run, rzeka: Path) -> None:
    assert run("config", "check", str(rzeka)).code == 0


@pytest.mark.parametrize("journey", ["portal-first", "bank-first", "refused-pesel-invalid"])
def test_it_joins_the_federation(run: Run, rzeka: Path, journey: str) -> None:
    ended = run("demo", "--bank", str(rzeka), "--walk", f"rzeka-{journey}")
    assert ended.code == 0, ended.out[-3000:]
    assert "1 journeys" in ended.out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "bank"', 'kind = "phone"', "system.kind"),
        ('key = "rzeka"', 'key = "millenet"', "system.key"),
        ("rzeka.localhost:8000", "rzeka.example", "loopback"),
        ("rzeka.localhost:8000", "inny.localhost:8000", "system.origin"),
        ('"bank.nav.services" = "Sprawy', '"bank.nav.sevices" = "Sprawy', "words.pl.bank.nav.sevices"),
        ("Sprawy urzędowe", "Sprawy {wszystkie}", "words.pl.bank.nav.services"),
        ("Sprawy urzędowe", "Sprawy {", "words.pl.bank.nav.services"),
    ],
)
def test_a_fault_names_its_key(run: Run, rzeka: Path, old: str, new: str, told: str) -> None:
    rzeka.write_text(rzeka.read_text("utf-8").replace(old, new), "utf-8")
    ended = run("demo", "--bank", str(rzeka), "--walk", "documents")
    assert ended.code != 0
    assert told in ended.err, ended.out + ended.err
    assert "Traceback" not in ended.err

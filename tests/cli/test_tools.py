"""What the hotline does for a customer's authorisation tool."""

import asyncio
import re
from pathlib import Path

import pytest

from poreka.settings import read_settings
from poreka.store.customers import Customers, NewCustomer
from poreka.wiring.foundation import lay
from tests.cli.conftest import Run


@pytest.fixture
def customer(bank: Path) -> Path:
    """A bank with cards, and one customer."""
    bank.write_text(bank.read_text("utf-8").replace("sim_pause_days = 3", 'tools = ["sms", "card"]'), "utf-8")

    async def add() -> None:
        base = await lay(read_settings(bank), bank.parent, lambda: 1_800_000_000)
        new = NewCustomer(
            id="jan", number="21570133", password_hash="", identifier_kind="pesel", identifier="83041741039",
            first_name="Jan", surname="Kowalski", pesel="83041741039", phone="600201011",
        )  # fmt: skip
        await base.database.insert(Customers(base.database, base.seal, base.fresh).adding(new))
        await base.database.close()

    asyncio.run(add())
    return bank


def test_a_card_is_made_chosen_and_blocked(run: Run, customer: Path, tmp_path: Path) -> None:
    early = run("tool", "choose", customer, "21570133", "card")
    assert early.code == 1
    assert "poreka tool card" in early.err
    letter = tmp_path / "card.txt"
    made = run("tool", "card", customer, "21570133", "--codes", letter)
    assert made.code == 0, made.err
    assert not re.search(r"\b\d{6}\b", made.out)  # no code on the screen
    assert re.match(r"Karta kodów \d{8}\n01: \d{6}\n", letter.read_text("utf-8"))
    assert letter.stat().st_mode & 0o077 == 0
    assert run("tool", "choose", customer, "21570133", "card").code == 0
    assert "cards blocked: 1" in run("tool", "block", customer, "21570133").out
    shown = run("audit", "show", customer).out
    assert all(event in shown for event in ("CodeCardSent", "AuthorisationToolChosen", "CodeCardsBlocked"))


def test_faults_are_told(run: Run, customer: Path, tmp_path: Path) -> None:
    assert "no customer" in run("tool", "block", customer, "99999999").err
    there = tmp_path / "there.txt"
    there.write_text("letter")
    assert run("tool", "card", customer, "21570133", "--codes", there).code == 1
    assert there.read_text() == "letter"
    customer.write_text(customer.read_text("utf-8").replace('tools = ["sms", "card"]', ""), "utf-8")
    assert "bank.tools" in run("tool", "choose", customer, "21570133", "card").err

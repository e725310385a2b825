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


def test_a_card_is_sent_chosen_and_blocked(run: Run, customer: Path) -> None:
    early = run("tool", "choose", customer, "21570133", "card")
    assert early.code == 1
    assert "poreka tool card" in early.err
    sent = run("tool", "card", customer, "21570133")
    assert sent.code == 0, sent.err
    assert not re.search(r"\b\d{6}\b", sent.out)  # no code on the screen
    assert run("tool", "choose", customer, "21570133", "card").code == 0
    assert "cards blocked: 1" in run("tool", "block", customer, "21570133").out
    shown = run("audit", "show", customer).out
    assert all(event in shown for event in ("CodeCardSent", "AuthorisationToolChosen", "CodeCardsBlocked"))


def test_faults_are_told(run: Run, customer: Path) -> None:
    assert "no customer" in run("tool", "block", customer, "99999999").err
    assert "no customer" in run("tool", "card", customer, "99999999").err
    assert run("tool", "card", customer, "21570133").code == 0
    customer.write_text(customer.read_text("utf-8").replace('tools = ["sms", "card"]', ""), "utf-8")
    assert "bank.tools" in run("tool", "choose", customer, "21570133", "card").err
    assert "bank.tools" in run("tool", "card", customer, "21570133").err  # no card that could never be asked for

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
    assert all(event in shown for event in ("AuthorisationToolAdded", "AuthorisationToolBlocked"))


def test_a_tool_that_the_hotline_adds_waits_and_its_owner_is_told(run: Run, customer: Path) -> None:
    customer.write_text(customer.read_text("utf-8").replace('["sms", "card"]', '["sms", "card", "push"]'), "utf-8")
    assert "poreka tool app" in run("tool", "choose", customer, "21570133", "push").err
    added = run("tool", "app", customer, "21570133")
    assert added.code == 0, added.err
    assert "push  opens nothing before" in added.out
    assert run("tool", "choose", customer, "21570133", "push").code == 0
    assert "blocked: push" in run("tool", "block", customer, "21570133", "push").out
    again = run("tool", "choose", customer, "21570133", "push")
    assert "push  opens nothing before" in again.out

    async def told() -> list[str]:
        base = await lay(read_settings(customer), customer.parent, lambda: 1_800_000_000)
        rows = await base.database.all("SELECT channel FROM outbox WHERE about = 'tool:jan'")
        await base.database.close()
        return [row["channel"] for row in rows]

    assert asyncio.run(told()) == ["sms"] * 5  # added, changed, blocked, added, changed; Jan has no e-mail address


def test_faults_are_told(run: Run, customer: Path) -> None:
    assert "no customer" in run("tool", "block", customer, "99999999").err
    assert "no customer" in run("tool", "card", customer, "99999999").err
    assert run("tool", "card", customer, "21570133").code == 0
    customer.write_text(customer.read_text("utf-8").replace('tools = ["sms", "card"]', ""), "utf-8")
    assert "bank.tools" in run("tool", "choose", customer, "21570133", "card").err
    assert "bank.tools" in run("tool", "card", customer, "21570133").err  # no card that could never be asked for

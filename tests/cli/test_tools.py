"""What the hotline does for a customer's authorisation tool."""

import asyncio
import re
from pathlib import Path

import pytest

from poreka.demo.presets import Address, settings_text
from poreka.provider.store.authorisation_tools import AuthorisationTools
from poreka.provider.store.customers import Customers, NewCustomer
from poreka.rules.authorising.tools import Held, Readiness, Tool, added, readiness
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, share_secrets
from poreka.running.real_clock import real_clock
from poreka.settings import read_settings
from poreka.systems.trusted_profile.rules.profile import vouched
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile, TrustedProfiles
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


@pytest.fixture
def owner(tmp_path: Path) -> Path:
    """A trusted profile with one owner, whose phones were removed without their word: codes by SMS wait."""
    file = tmp_path / "pz.toml"
    file.write_text(settings_text("pz", Address(8000)), encoding="utf-8")
    share_secrets(tmp_path)

    async def add() -> None:
        base = await lay(read_settings(file), tmp_path, real_clock)
        now = real_clock()
        facts = PersonFacts(first_name="Jan", surname="Kowalski", pesel=Pesel("83041741039"))
        owned = OwnedProfile(
            id="jan", profile=vouched(facts, "https://bank.example", now), user_name="jan.kowalski",
            password_hash="$argon2id$", phone="600201011", email="jan@poczta.example",
        )  # fmt: skip
        profiles = TrustedProfiles(base.database, base.seal, base.fresh, base.clock)
        await base.database.insert(profiles.adding(owned))
        tools = AuthorisationTools(base.database)
        await tools.hold(base.database, "jan", added(Tool.SMS, now, 24, by_another=False))
        await base.database.close()

    asyncio.run(add())
    return file


def held_at(file: Path) -> list[Held]:
    async def read() -> list[Held]:
        base = await lay(read_settings(file), file.parent, real_clock)
        held = await AuthorisationTools(base.database).held("jan")
        await base.database.close()
        return held

    return asyncio.run(read())


def test_the_hotline_serves_owners_of_trusted_profiles_and_says_what_it_cannot(run: Run, owner: Path) -> None:
    chosen = run("tool", "choose", owner, "jan.kowalski", "sms")
    assert chosen.code == 0, chosen.err
    assert [readiness(Tool.SMS, held_at(owner), [], real_clock() + 1)] == [Readiness.READY]
    assert "blocked: sms" in run("tool", "block", owner, "jan.kowalski", "sms").out
    assert [(one.blocked, one.undoable) for one in held_at(owner)] == [(True, False)]
    shown = run("audit", "show", owner).out
    assert all(event in shown for event in ("AuthorisationToolChosen", "AuthorisationToolBlocked"))
    for words, said in (
        (("card", owner, "jan.kowalski"), "does not offer card"),
        (("app", owner, "jan.kowalski"), "connects a phone in the profile"),
        (("choose", owner, "jan.kowalski", "push"), "has no phone"),
        (("choose", owner, "nobody", "sms"), "there is no customer with this number"),
    ):
        refused = run("tool", *words)
        assert refused.code == 1
        assert said in refused.err

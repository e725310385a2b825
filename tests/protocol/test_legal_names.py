"""Consents name the legal entities that give and get the data; nobody is asked anew for that (P2, P6)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from poreka.provider.consents.shown_text import consent_text
from poreka.rules.people.person import Fact
from tests.protocol.test_consent_receipts import downloaded, page_of_consents, verified
from tests.protocol.test_consent_texts import released
from tests.protocol.test_release import at_consent
from tests.support.in_process import BankInProcess, BankTemplate

GIVER, RECEIVER = "Demonstracyjny Bank Millenet S.A.", "Piaskownica Demonstracyjna Sp. z o.o."


async def named(bank: BankInProcess, receiver: str = RECEIVER) -> None:
    """The service's registration gives its legal name."""
    client = await bank.bank.clients.by_id("sandbox-fapi")
    assert client is not None
    async with bank.bank.database.transaction() as transaction:
        await bank.bank.clients.replace(transaction, msgspec.structs.replace(client, legal_name=receiver))
    bank.bank.registry._kept.clear()


@asynccontextmanager
async def nameless(bank: BankInProcess) -> AsyncIterator[None]:
    """The bank as long as its settings give no legal name."""
    system = bank.bank.settings.system
    kept = system.legal_name
    msgspec.structs.force_setattr(system, "legal_name", "")
    try:
        yield
    finally:
        msgspec.structs.force_setattr(system, "legal_name", kept)
        bank.bank.text_hashes._kept.clear()


async def test_the_box_says_who_gives_and_who_gets_and_so_does_the_receipt(bank: BankInProcess) -> None:
    await named(bank)
    page = await at_consent(bank)
    label = page.html.css_first("label[for=consent]")
    assert label is not None
    assert f"Dane przekazuje {GIVER}, a otrzymuje {RECEIVER}" in label.text().replace("\u00a0", " ")
    assert f"Piaskownica FAPI, {RECEIVER}" in page.text
    said = (await verified(bank, (await downloaded(await page_of_consents(bank))).text)).receipt
    assert [party["party_name"] for party in said["party_identification"]] == [GIVER, RECEIVER]


async def test_nobody_is_asked_anew_because_legal_names_are_told_now(bank: BankInProcess) -> None:
    async with nameless(bank):
        browser = await released(bank)
        record = await bank.bank.consents.in_force("jan", "sandbox-fapi")
        assert record is not None
        text = await bank.bank.consent_texts.load(record.consent.text_hash)
        assert text is not None
        assert (text.giver, text.receiver) == ("", "")
    await named(bank)
    assert (await at_consent(bank, browser)).left_for is not None


async def test_another_legal_entity_is_agreed_to_anew(bank: BankInProcess) -> None:
    await named(bank)
    browser = await released(bank)
    await named(bank, "Kto Inny S.A.")
    page = await at_consent(bank, browser)
    assert page.form_to("/consent")
    assert "Kto Inny S.A." in page.text


async def test_a_text_of_the_banks_own_asks_for_names_in_their_cases(sqlite_bank: BankTemplate) -> None:
    """In Polish as `[declension]` says, in English as they are; a name that no case is known of stands as it is."""
    asking = "Zgoda {provider:genitive} na przekazywanie ({data}) do {service}, a tam do {receiver:genitive}."
    own = {"version": "2027-02", "valid_from": "2026-01-01", "pl": [asking], "en": [asking]}
    async with sqlite_bank.copy(consent_texts=[own]) as bank:
        await named(bank, "Profil Zaufany")
        client = await bank.bank.clients.by_id("sandbox-fapi")
        assert client is not None
        sentences = consent_text(bank.bank, client, tuple(Fact)).sentences
        assert sentences["pl"][0].startswith("Zgoda Millenet na przekazywanie (")
        assert sentences["pl"][0].endswith("a tam do Profilu Zaufanego.")
        assert sentences["en"][0].endswith("a tam do Profil Zaufany.")
        assert sentences["pl"][0] in (await at_consent(bank)).text

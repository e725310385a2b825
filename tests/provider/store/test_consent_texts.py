from dataclasses import replace

import msgspec

from poreka.provider.rules.consent_text import text_hash
from poreka.provider.store.consent_texts import ConsentTexts
from poreka.provider.store.consents import Consents, OperationName
from poreka.store.database import Database
from poreka.store.operations import Operations, OwnedOperation
from tests.provider.rules.test_consent_text import TEXT
from tests.support import samples

OTHER = msgspec.structs.replace(TEXT, version="2")


async def test_a_text_is_kept_once_and_found_by_its_hash(database: Database) -> None:
    texts = ConsentTexts(database)
    for _ in range(2):
        async with database.transaction() as transaction:
            assert await texts.keep(transaction, TEXT) == text_hash(TEXT)
    assert await texts.load(text_hash(TEXT)) == TEXT
    assert await texts.load(text_hash(OTHER)) is None
    assert await texts.load(None) is None
    assert len(await database.all("SELECT hash FROM consent_texts")) == 1


async def test_what_a_person_agreed_to_and_by_which_operation(database: Database) -> None:
    texts, consents, operations = ConsentTexts(database), Consents(database), Operations(database)
    async with database.transaction() as transaction:
        kept = await texts.keep(transaction, TEXT)
        await texts.keep(transaction, OTHER)
    given = samples.consent("c1")
    agreed = msgspec.structs.replace(given.consent, text_hash=kept, language="en")
    record = replace(given, consent=agreed)
    owned = OwnedOperation(person_id="p1", journey_id="j", operation=samples.operation("o1", 3))
    await database.insert(consents.adding(record), operations.adding(owned))
    assert await consents.by_id("c1", "p1") == record
    assert await texts.agreed_by("p1") == {kept: TEXT}
    assert await texts.agreed_by("p2") == {}
    assert await consents.operations_of("p1") == {"o1": OperationName(3, owned.operation.date)}
    assert await consents.operations_of("p2") == {}


async def test_a_consent_of_before_words_were_kept(database: Database) -> None:
    await database.insert(Consents(database).adding(samples.consent("c1")))
    assert await ConsentTexts(database).agreed_by("p1") == {}
    assert await Consents(database).operations_of("p1") == {}

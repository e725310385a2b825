"""What a thief of the files would read: no PESEL, no code, no token, no cookie, nothing sealed."""

from poreka.provider.store.access_tokens import AccessTokens
from poreka.provider.store.authorization_codes import AuthorizationCodes
from poreka.provider.store.customers import Customers
from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.journeys import Journey, Journeys
from poreka.store.outbox import Message, Outbox
from poreka.store.seal import Seal
from poreka.store.sessions import Sessions
from poreka.store.signing_keys import SigningKeys, StoredKey
from poreka.systems.portal.store.insured import Insured, InsuredPerson
from poreka.systems.portal.store.profiles import Profiles
from poreka.systems.portal.store.questions import Question, Questions
from tests.support import samples
from tests.support.engines import NOW, Engine

SECRET = "sekret-nie-do-przeczytania"


async def dump(engine: Engine, database: Database) -> bytes:
    """The bytes of the files (SQLite), or all values of all tables (PostgreSQL, whose files are not ours)."""
    if engine.name == "sqlite":
        return engine.bytes_at_rest()
    tables = await database.all("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    rows = [row for table in tables for row in await database.all(f"SELECT * FROM {table['table_name']}")]
    values = [value for row in rows for value in row.values()]
    return b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


async def test_nothing_private_can_be_read_from_the_files(
    engine: Engine, database: Database, seal: Seal, fresh: Fresh
) -> None:
    digits, sealed = samples.pesel().digits, SECRET.encode()
    journey = Journey(id="j", kind="k", browser_hash=b"", state=sealed, created_at=NOW, expires_at=NOW)
    message = Message(
        id="m",
        channel="sms",
        recipient=SECRET,
        body=SECRET,
        about="a",
        created_at=NOW,
        due_at=NOW,
        expires_at=NOW,
    )
    key = StoredKey(kid="k", algorithm="ES256", private_jwk=sealed, state="current", since=NOW)
    question = Question(id="q", profile_id="f", subject="s", body=SECRET, asked_at=NOW)
    await database.insert(
        Customers(database, seal, fresh).adding(samples.customer(pesel_text=digits)),
        Profiles(database, seal, fresh).adding(samples.profile()),
        Insured(database, seal, fresh).adding(InsuredPerson(facts=samples.facts(), roles=())),
        Sessions(database, seal, fresh).opening(samples.session(), SECRET),
        Journeys(database, seal, fresh).adding(journey),
        Outbox(database, seal, fresh).adding(message),
        SigningKeys(database, seal, fresh).adding(key),
        Questions(database, seal, fresh).adding(question),
        AuthorizationCodes(database).adding(samples.grant(), SECRET),
        AccessTokens(database).adding(samples.token(SECRET)),
    )
    found = await dump(engine, database)
    assert b"10000001" in found  # the dump does see what is not sealed
    for private in (digits, SECRET, "XYZ778899", "Janina"):
        assert private.encode() not in found
    if engine.name == "sqlite":
        await database.one("SELECT 1")
        await database.run("DELETE FROM used_once")
        assert digits.encode() not in engine.bytes_at_rest()

import pytest

from poreka.rules.levels import Level
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.entry_record import ByPassword, ByProvider, EntryRecord, read, without_person, written
from tests.rules.synthetic import JAN

STATE = EntryState(issuer="https://millenet.example", expires_at=1_760_001_800)
BY_PROVIDER = ByProvider(
    provider="millenet",
    issuer="https://millenet.example",
    subject="pairwise-1",
    provider_sid=None,
    id_token="header.payload.signature",
    auth_time=1_760_000_000,
    acr=Level.LOW.acr,
    level=Level.LOW,
    facts=JAN,
)


@pytest.mark.parametrize("person", [BY_PROVIDER, ByPassword(profile_id="p-1", password_hash="$argon2id$"), None])
def test_a_record_survives_its_storage(person: ByProvider | ByPassword | None) -> None:
    record = EntryRecord(state=STATE, person=person, target="/panel")
    assert read(written(record)) == record


def test_an_ended_entry_keeps_nothing_of_the_person() -> None:
    ended = without_person(EntryRecord(state=STATE, person=BY_PROVIDER, target="/panel"), STATE)
    assert ended == EntryRecord(state=STATE, person=None, target="/panel")
    kept = written(ended)
    for secret in (JAN.pesel.digits, JAN.surname, BY_PROVIDER.id_token, BY_PROVIDER.subject):
        assert secret.encode() not in kept


def test_a_printed_record_says_nothing() -> None:
    assert repr(EntryRecord(state=STATE, person=BY_PROVIDER)) == "<EntryRecord>"
    assert repr(BY_PROVIDER) == "<ByProvider>"

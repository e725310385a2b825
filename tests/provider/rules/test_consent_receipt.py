"""A receipt says everything about a consent, and no value of a fact (ISO/IEC TS 27560:2023)."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.consent import Consent
from poreka.provider.rules.consent_receipt import Issuer, Receipt, receipt_of
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact
from tests.provider.rules.test_consent_text import TEXT

BANK = Issuer(
    origin="https://bank.example",
    name="Bank S.A.",
    address="ul. Rzeczna 1, 00-001 Warszawa",
    phone="22 000 00 00",
    withdrawal="https://bank.example/settings/security/consents",
)
CONSENT = Consent(
    service="pue",
    text_version="1",
    text_hash="h",
    language="en",
    facts=tuple(Fact),
    given_at=1_800_000_000,
    operation_id="o",
    level=Level.SUBSTANTIAL,
)
# What the Technical Specification requires of a record, by section.
HEADER = {"schema_version", "record_id", "pii_principal_id"}
PROCESSING = {
    "purpose", "pii_information", "pii_controllers", "storage_locations", "retention_period", "jurisdictions",
    "recipient_third_parties", "withdrawal_method",
}  # fmt: skip
PARTY = {"party_id", "party_name", "party_type"}
EVENT = {"event_time", "event_type", "event_state", "entity_id"}


def receipt(consent: Consent = CONSENT, **changed: Any) -> Receipt:
    given_to = {"record_id": "c1", "principal": "s1", "issuer": BANK, "operation": "3 of 2027-01-15", "replaced": False}
    return receipt_of(consent, TEXT, **{**given_to, **changed})


def test_every_required_field_is_there() -> None:
    said = msgspec.to_builtins(receipt())
    assert said.keys() >= HEADER | {"privacy_notice", "language", "purposes", "party_identification", "event"}
    assert said["purposes"][0].keys() >= PROCESSING
    assert all(party.keys() >= PARTY for party in said["party_identification"])
    assert all(event.keys() >= EVENT for event in said["event"])
    assert said["event"][0]["validity_duration"] == "until withdrawn"
    assert [one["pii_type"] for one in said["purposes"][0]["pii_information"]] == ["given_name", "family_name", "pesel"]


def test_the_words_are_those_that_were_read() -> None:
    assert receipt().privacy_notice.text == ("I agree.", "Freely.")
    polish = msgspec.structs.replace(CONSENT, language="pl")
    assert receipt(polish).privacy_notice.text == ("Zgadzam się.", "Dobrowolnie.")
    assert receipt(words_kept=False).privacy_notice.text == ()
    assert receipt(msgspec.structs.replace(CONSENT, language=None)).language == "pl"


def test_an_end_is_an_event() -> None:
    ended = msgspec.structs.replace(CONSENT, withdrawn_at=CONSENT.given_at + 60)
    assert [one.event_state for one in receipt(ended).event] == ["given", "withdrawn"]
    assert [one.event_state for one in receipt(ended, replaced=True).event] == ["given", "replaced by a newer consent"]
    assert [one.event_time for one in receipt(ended).event] == ["2027-01-15T08:00:00Z", "2027-01-15T08:01:00Z"]


@given(st.integers(0, 4_000_000_000), st.sets(st.sampled_from(list(Fact)), min_size=1), st.booleans())
def test_a_receipt_can_be_read_back(given_at: int, facts: set[Fact], ended: bool) -> None:
    consent = msgspec.structs.replace(CONSENT, given_at=given_at, facts=tuple(facts))
    made = receipt(msgspec.structs.replace(consent, withdrawn_at=given_at + 1 if ended else None))
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(made)), Receipt) == made

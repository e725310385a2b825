import msgspec

from poreka.audit.events import ConsentGiven, details_of, name_of


def test_an_event_says_its_name_and_what_it_holds_besides_the_person() -> None:
    event = ConsentGiven(
        person_id="p1",
        consent_id="c1",
        client_id="portal",
        text_version="1",
        text_hash="a" * 64,
        facts=("pesel",),
        operation_id="o1",
    )
    assert name_of(event) == "ConsentGiven"
    assert msgspec.json.decode(details_of(event)) == {
        "consent_id": "c1",
        "client_id": "portal",
        "text_version": "1",
        "text_hash": "a" * 64,
        "facts": ["pesel"],
        "operation_id": "o1",
    }

"""What a consent receipt says: the fields of ISO/IEC TS 27560:2023, named as there, in snake case.

A receipt tells who agreed that which *kinds* of data go to whom and why, in which words and when, and whether
that ended. It holds no value of a fact: it must be fit to be shown to others, and proves the consent without
them. The person has the name that the service knows them by. Signing it is `oidc.provider.signed_receipt`.
"""

import datetime

import msgspec

from poreka.provider.rules.consent import Consent
from poreka.provider.rules.consent_text import ConsentText

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
LAWFUL_BASIS = "GDPR art. 6(1)(a)"
BANK_SECRECY = "Polish Banking Law art. 104(3)"
UNTIL_WITHDRAWN = "until withdrawn"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The words that were shown; without `text` they were not kept at the time."""

    version: str
    text: tuple[str, ...] = ()


class PiiInformation(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of data; none of them is optional, and none is of a special category (GDPR art. 9)."""

    pii_type: str
    pii_optional: bool = False
    special_pii_category: bool = False


class Purpose(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the data are passed on for, and all that belongs to it."""

    purpose: str
    lawful_basis: tuple[str, ...]
    pii_information: tuple[PiiInformation, ...]
    pii_controllers: tuple[str, ...]
    recipient_third_parties: tuple[str, ...]
    services: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    storage_locations: tuple[str, ...]
    retention_period: str
    collection_method: str
    processing_methods: tuple[str, ...]
    withdrawal_method: str


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who takes part; what is not known is left out."""

    party_id: str
    party_name: str
    party_role: str
    party_type: str
    party_url: str = ""
    party_address: str = ""
    party_phone: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that became of the consent; `operation` authorised it."""

    event_time: str
    event_type: str
    event_state: str
    entity_id: str
    validity_duration: str = ""
    operation: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt of one consent."""

    schema_version: str
    record_id: str
    pii_principal_id: str
    language: str
    privacy_notice: Notice
    purposes: tuple[Purpose, ...]
    party_identification: tuple[Party, ...]
    event: tuple[Event, ...]


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """The bank as a receipt names it."""

    origin: str
    name: str
    address: str
    phone: str
    withdrawal: str


def receipt_of(
    consent: Consent,
    text: ConsentText,
    *,
    record_id: str,
    principal: str,
    issuer: Issuer,
    operation: str,
    replaced: bool,
    words_kept: bool = True,
) -> Receipt:
    """The receipt of a consent as it stands now. `text` without kept words only lends its names."""
    language = consent.language or "pl"
    sentences = text.sentences[language] if words_kept else ()
    return Receipt(
        schema_version=SCHEMA_VERSION,
        record_id=record_id,
        pii_principal_id=principal,
        language=language,
        privacy_notice=Notice(version=consent.text_version, text=sentences),
        purposes=(_purpose(consent, text, issuer, language),),
        party_identification=_parties(text, issuer, language),
        event=_events(consent, principal, operation, replaced=replaced),
    )


def _purpose(consent: Consent, text: ConsentText, issuer: Issuer, language: str) -> Purpose:
    return Purpose(
        purpose=text.purpose[language],
        lawful_basis=(LAWFUL_BASIS, BANK_SECRECY),
        pii_information=tuple(PiiInformation(pii_type=fact.value) for fact in consent.facts),
        pii_controllers=(issuer.origin, text.service),
        recipient_third_parties=(text.service,),
        services=(text.name[language],),
        jurisdictions=("PL",),
        storage_locations=(text.service,),
        retention_period="as the recipient's own notice says; the bank keeps no copy of what it passed on",
        collection_method="from the bank's own records of its customer",
        processing_methods=("disclosed to the recipient at the customer's sign-in there",),
        withdrawal_method=issuer.withdrawal,
    )


def _parties(text: ConsentText, issuer: Issuer, language: str) -> tuple[Party, ...]:
    bank = Party(
        party_id=issuer.origin,
        party_name=text.giver or issuer.name,
        party_role="pii controller",
        party_type="data exporter",
        party_url=issuer.origin,
        party_address=issuer.address,
        party_phone=issuer.phone,
    )
    service = Party(
        party_id=text.service,
        party_name=text.receiver or text.name[language],
        party_role="pii controller",
        party_type="recipient",
    )
    return bank, service


def _events(consent: Consent, principal: str, operation: str, *, replaced: bool) -> tuple[Event, ...]:
    given = Event(
        event_time=_instant(consent.given_at),
        event_type="explicit consent",
        event_state="given",
        entity_id=principal,
        validity_duration=UNTIL_WITHDRAWN,
        operation=operation,
    )
    if consent.withdrawn_at is None:
        return (given,)
    ended = Event(
        event_time=_instant(consent.withdrawn_at),
        event_type="explicit consent",
        event_state="replaced by a newer consent" if replaced else "withdrawn",
        entity_id=principal,
    )
    return given, ended


def _instant(seconds: int) -> str:
    """ISO 8601, in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""GET /settings/security/consents: every consent ever given, with its service, data, dates, operation and words (P7).

`entries` is pure: from the records to what the page says. One consent is in force for a service at
most; the others are history, and a service whose newest one was withdrawn can be entered anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.clients.client import Client
from poreka.provider.pages.frame import SECURITY, name_of, show_inside
from poreka.provider.rules.consent_text import ConsentText
from poreka.provider.store.consents import ConsentRecord, OperationName
from poreka.provider.system import Bank
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.people.person import Fact
from poreka.rules.shown_date import people_time
from poreka.store.sessions import Session
from poreka.web.browser.language import language_of

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One consent as the page shows it; `state` is `in_force | withdrawn | replaced`.

    `purpose` and `sentences` stand as they were read, in `language`; without sentences they were not kept.
    `operation` is the number and the date of the one that authorised it.
    """

    id: str
    client_id: str
    service: str
    facts: tuple[Fact, ...]
    text_version: str
    purpose: str
    sentences: tuple[str, ...]
    language: str
    operation: tuple[int, str] | None
    given_at: str
    ended_at: str
    state: str
    can_activate: bool


async def show_consents(request: Request, bank: Bank, session: Session) -> Response:
    """GET /settings/security/consents; `?withdrawn=` names the one that has just been withdrawn."""
    clients = {client.client_id: client for client in await bank.clients.all()}
    records = await bank.consents.all_of(session.person_id)
    texts = await bank.consent_texts.agreed_by(session.person_id)
    operations = await bank.consents.operations_of(session.person_id)
    found = entries(records, clients, language_of(request, bank), texts, operations)
    ended = request.query_params.get("withdrawn", "")
    return await show_inside(
        request,
        bank,
        session,
        "provider/consents/consents.html",
        way=SECURITY,
        in_force=[entry for entry in found if entry.state == "in_force"],
        history=[entry for entry in found if entry.state != "in_force"],
        keys=f"{bank.origin}/jwks",
        withdrawn=next((one for one in found if one.id == ended and one.state == "withdrawn"), None),
    )


def entries(
    records: list[ConsentRecord],
    clients: Mapping[str, Client],
    language: str,
    texts: Mapping[str, ConsentText] = NOTHING,
    operations: Mapping[str, OperationName] = NOTHING,
) -> list[Entry]:
    """The records, newest first, as people read them; a service that is gone has the name it had then."""
    newest: dict[str, str] = {}
    for record in records:
        newest.setdefault(record.consent.service, record.id)
    return [
        _entry(
            record,
            clients.get(record.consent.service),
            language,
            newest[record.consent.service] == record.id,
            texts.get(record.consent.text_hash or ""),
            operations.get(record.consent.operation_id),
        )
        for record in records
    ]


def _entry(
    record: ConsentRecord,
    client: Client | None,
    language: str,
    newest: bool,
    text: ConsentText | None,
    operation: OperationName | None,
) -> Entry:
    consent, read_in = record.consent, record.consent.language or language
    state = "in_force" if consent.withdrawn_at is None else "replaced" if record.replaced_by else "withdrawn"
    return Entry(
        id=record.id,
        client_id=consent.service,
        service=name_of(client, language) if client else text.name[language] if text else consent.service,
        facts=consent.facts,
        text_version=consent.text_version,
        purpose=text.purpose[read_in] if text else "",
        sentences=text.sentences[read_in] if text else (),
        language=read_in,
        operation=(operation.number, sms_date(operation.date)) if operation else None,
        given_at=people_time(consent.given_at, language),
        ended_at=people_time(consent.withdrawn_at, language) if consent.withdrawn_at is not None else "",
        state=state,
        can_activate=newest and state == "withdrawn" and client is not None and client.initiate_login_uri is not None,
    )

"""GET /settings/security/consents/{consent}/receipt: a signed receipt of a consent, for its owner to keep (P7).

It is made anew each time and tells what is so at that moment, a withdrawal too. What it says:
`provider/rules/consent_receipt.py`; how anyone verifies it: `poreka receipt verify`. Each one is in the audit log.
"""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import ReceiptIssued
from poreka.oidc.clients.client import Client
from poreka.oidc.lasting.receipt import sign_receipt
from poreka.oidc.lasting.signature import LASTING_ALGORITHM
from poreka.oidc.provider.subject import pairwise_subject
from poreka.provider.pages.frame import name_of
from poreka.provider.pages.hotlines import hotlines_of, in_words
from poreka.provider.rules.consent_receipt import Issuer, Receipt, receipt_of
from poreka.provider.rules.consent_text import ConsentText
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.system import Bank
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.sessions import Session
from poreka.web.failures import PageNotFound
from poreka.web.texts import LANGUAGES

WITHDRAWAL = "{origin}/settings/security/consents"


async def download(request: Request, bank: Bank, session: Session) -> Response:
    """Another person's consent is not found, as if there were none."""
    record = await bank.consents.by_id(request.path_params["consent"], session.person_id)
    if record is None:
        raise PageNotFound
    await bank.key_ring.refresh()
    receipt = await _receipt(bank, record)

    key, receipt_id = bank.key_ring.signing(LASTING_ALGORITHM), bank.fresh.id()
    signed = sign_receipt(
        msgspec.to_builtins(receipt), key, issuer=bank.origin, receipt_id=receipt_id, now=bank.clock()
    )

    event = ReceiptIssued(person_id=session.person_id, consent_id=record.id, receipt_id=receipt_id, kid=key.kid)
    async with bank.audit.transaction() as (_, note):
        await note(event)
    return Response(signed + "\n", media_type="application/jwt", headers={"content-disposition": _as_file(record)})


async def _receipt(bank: Bank, record: ConsentRecord) -> Receipt:
    """The receipt of a consent as it is now."""
    consent, settings = record.consent, bank.settings
    kept = await bank.consent_texts.load(consent.text_hash)
    text = kept or _names_only(bank, record, await bank.clients.by_id(consent.service))
    operation = (await bank.consents.operations_of(record.person_id)).get(consent.operation_id)
    issuer = Issuer(
        origin=bank.origin,
        name=settings.system.operator.of(consent.language or "pl"),
        address=settings.address,
        phone=in_words(hotlines_of(bank), bank.texts[consent.language or "pl"]),
        withdrawal=WITHDRAWAL.format(origin=bank.origin),
    )
    return receipt_of(
        consent,
        text,
        record_id=record.id,
        principal=pairwise_subject(text.sector, record.person_id, bank.keys.subjects),
        issuer=issuer,
        operation=f"{operation.number} of {operation.date.isoformat()}" if operation else "",
        replaced=record.replaced_by is not None,
        words_kept=kept is not None,
    )


def _names_only(bank: Bank, record: ConsentRecord, client: Client | None) -> ConsentText:
    """For a consent that was given before words were kept: the names as they are today."""
    consent, why = record.consent, "release.consent.why"
    name = {language: name_of(client, language) if client else consent.service for language in LANGUAGES}
    return ConsentText(
        version=consent.text_version,
        service=consent.service,
        sector=client.sector if client else consent.service,
        name=name,
        facts=consent.facts,
        purpose={language: bank.texts[language](why, service=name[language]) for language in LANGUAGES},
        sentences=dict.fromkeys(LANGUAGES, ()),
    )


def _as_file(record: ConsentRecord) -> str:
    """A name that any file system takes."""
    service = re.sub(r"[^A-Za-z0-9-]+", "-", record.consent.service).strip("-")[:40] or "service"
    return f'attachment; filename="receipt-{service}-{warsaw_day(record.consent.given_at).isoformat()}.jwt"'

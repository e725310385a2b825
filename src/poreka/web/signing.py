"""A signature with the trusted profile, once it was authorised: the statement, what is recorded, the owner's notice.

Made with the tokens, in the transaction that uses up what they were asked for with, so that nothing is stated twice
and nothing unrecorded. The person was shown what is signed, and authorised it by an operation of its own
(`flows/release`, `flows/backchannel_authentication`). Who verifies it: `flows/verify_signature`, `poreka signature`.
"""

from dataclasses import dataclass
from typing import Any

from poreka.audit.profile_events import DocumentSigned
from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.provider.authorization_code import Grant, Signed
from poreka.oidc.provider.client import Client
from poreka.oidc.provider.lasting_signature import LASTING_ALGORITHM
from poreka.oidc.provider.signed_statement import sign_statement
from poreka.oidc.trusted_signature import (
    MadeFor,
    OperationNamed,
    Signatory,
    SignatureRequest,
    Statement,
    readable_hash,
    with_statement,
)
from poreka.rules.operation_message import document_in_words
from poreka.rules.shown_document import ShownDocument
from poreka.rules.trusted_profile import is_valid
from poreka.store.database import Insert
from poreka.web.profile_notices import notice
from poreka.web.systems import TrustedProfileSystem


@dataclass(frozen=True, slots=True)
class SignatureMade:
    """What the token answer carries, and what is saved with it."""

    details: list[dict[str, Any]]
    event: DocumentSigned
    notice: Insert


def document_shown(asked: SignatureRequest) -> ShownDocument:
    """The document that a signature is asked for, as the page, the SMS and the app show it."""
    return ShownDocument(name=asked.document_name, hash=readable_hash(asked.document_hash))


async def signature_of(pz: TrustedProfileSystem, grant: Grant, client: Client, signed: Signed) -> SignatureMade:
    """The signature that a grant is about; a profile that has ended meanwhile signs nothing."""
    owned, operation = await pz.profiles.load(grant.person), await pz.operations.load(signed.operation_id)
    if owned is None or operation is None or not is_valid(owned.profile, pz.clock()):
        raise AnsweredAsJson("invalid_grant", "The signature cannot be stated.", detail="the profile has ended")
    if operation.operation.document != document_shown(signed.asked):
        raise AnsweredAsJson("invalid_grant", "The signature cannot be stated.", detail="another document was shown")
    facts, by, service = owned.profile.facts, operation.operation, client.name["pl"]
    key = pz.key_ring.signing(LASTING_ALGORITHM)
    statement = Statement(
        iss=pz.origin,
        jti=pz.fresh.id(),
        iat=pz.clock(),
        summary=signed.asked.summary,
        document_name=signed.asked.document_name,
        document_hash=signed.asked.document_hash,
        person=Signatory(given_name=facts.first_name, family_name=facts.surname, pesel=facts.pesel.digits),
        acr=grant.acr,
        amr=grant.amr,
        operation=OperationNamed(number=by.number, date=by.date.isoformat(), tool=by.tool.value),
        client=MadeFor(client_id=client.client_id, name=service),
    )
    event = DocumentSigned(
        person_id=grant.person,
        client_id=client.client_id,
        statement_id=statement.jti,
        document=signed.asked.document_hash.value,
        operation_id=signed.operation_id,
        kid=key.kid,
    )
    what = signed.asked.summary + document_in_words(operation.operation.document)
    told = notice(pz, pz.texts["pl"], owned, "signed", service=service, summary=what)
    return SignatureMade(with_statement(signed.asked, sign_statement(statement, key)), event, told)

"""`ProfileSigning`: makes the signed statement that the owner of a trusted profile signed a document.

The token endpoint calls `signature_of` for a grant whose person was shown the document and authorised the signature by
an operation of its own. `SignatureMade` holds the statement, the event and the owner's notice. The endpoint saves them
in the transaction that uses up the code or request, so nothing is stated twice or without a record. The other modules
of this folder and `poreka signature` verify statements.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from poreka.oidc.clients.client import Client
from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.lasting.signature import LASTING_ALGORITHM
from poreka.oidc.lasting.statement import sign_statement
from poreka.oidc.provider.authorization_code import Grant, Signed
from poreka.oidc.trusted_signature import (
    MadeFor,
    OperationNamed,
    Signatory,
    Statement,
    with_statement,
)
from poreka.provider.document_signing import SignatureMade, document_shown
from poreka.rules.authorising.operation_message import document_in_words
from poreka.running.key_ring import KeyRing
from poreka.store.fresh import Fresh
from poreka.store.operations import Operations
from poreka.store.outbox import Outbox
from poreka.systems.trusted_profile.events import DocumentSigned
from poreka.systems.trusted_profile.notices import notice
from poreka.systems.trusted_profile.rules.profile import is_valid
from poreka.systems.trusted_profile.store.trusted_profiles import TrustedProfiles
from poreka.web.settings.every_kind import CommonSettings
from poreka.web.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSigning:
    """Fits `Signing`, the part of a provider that signs; a bank has none (T7)."""

    settings: CommonSettings
    clock: Callable[[], int]
    fresh: Fresh
    key_ring: KeyRing
    texts: Mapping[str, Texts]
    outbox: Outbox
    operations: Operations
    profiles: TrustedProfiles

    async def signature_of(self, grant: Grant, client: Client, signed: Signed) -> SignatureMade:
        """The statement that the person of a grant signed; raises `AnsweredAsJson` (`invalid_grant`) where the profile
        has ended meanwhile, or the operation showed another document."""
        owned, operation = await self.profiles.load(grant.person), await self.operations.load(signed.operation_id)
        if owned is None or operation is None or not is_valid(owned.profile, self.clock()):
            raise _not_stated("the profile has ended")
        if operation.operation.document != document_shown(signed.asked):
            raise _not_stated("another document was shown")
        facts, authorised, service = owned.profile.facts, operation.operation, client.name["pl"]
        key = self.key_ring.signing(LASTING_ALGORITHM)
        statement = Statement(
            iss=self.settings.system.origin,
            jti=self.fresh.id(),
            iat=self.clock(),
            summary=signed.asked.summary,
            document_name=signed.asked.document_name,
            document_hash=signed.asked.document_hash,
            person=Signatory(given_name=facts.first_name, family_name=facts.surname, pesel=facts.pesel.digits),
            acr=grant.acr,
            amr=grant.amr,
            operation=OperationNamed(
                number=authorised.number, date=authorised.date.isoformat(), tool=authorised.tool.value
            ),
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
        summary = signed.asked.summary + document_in_words(authorised.document)
        letter = notice(self, self.texts["pl"], owned, "signed", service=service, summary=summary)
        return SignatureMade(with_statement(signed.asked, sign_statement(statement, key)), event, letter)


def _not_stated(detail: str) -> AnsweredAsJson:
    return AnsweredAsJson("invalid_grant", "The signature cannot be stated.", detail=detail)

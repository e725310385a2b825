"""A provider whose people sign documents: what was signed, once it was authorised, goes out with the tokens.

What makes the statement is a part of the provider, `Signing`; one that signs nothing has none.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from poreka.audit.events import Event
from poreka.oidc.clients.client import Client
from poreka.oidc.provider.authorization_code import Grant, Signed
from poreka.oidc.trusted_signature import SignatureRequest, readable_hash
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.store.database import Insert


@dataclass(frozen=True, slots=True)
class SignatureMade:
    """What the token answer carries, and what is saved with it."""

    details: list[dict[str, Any]]
    event: Event
    notice: Insert


class Signing(Protocol):
    """Whoever states that a person signed."""

    async def signature_of(self, grant: Grant, client: Client, signed: Signed) -> SignatureMade:
        """The signature that a grant is about; raises `AnsweredAsJson` where there is none."""
        ...


def document_shown(asked: SignatureRequest) -> ShownDocument:
    """The document that a signature is asked for, as the page, the SMS and the app show it."""
    return ShownDocument(name=asked.document_name, hash=readable_hash(asked.document_hash))

"""A signature with the trusted profile: what a relying party asks to have signed, and what is stated afterwards.

Both sides speak in these two documents and share nothing else. The request is one object of the type
``trusted_signature`` in ``authorization_details`` (RFC 9396 §2); the statement is the payload of a JWS with a ``typ``
of its own, returned inside the same object (§7). Neither holds the signed document: it is named by its hash. Signing
and verifying: ``provider.signed_statement``; how the relying party judges its answer: ``relying_party.signature``.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from poreka.oidc.errors import Fault, TokenRefused
from poreka.oidc.jose import decode_segment, encode_segment
from poreka.shown_words import is_fit_to_show

SIGNATURE_TYPE = "trusted_signature"
STATEMENT_TYPE = "trusted-signature+jwt"
LONGEST_SUMMARY, LONGEST_NAME = 200, 120
LONGEST_DETAILS = 4 * 1024

_Summary = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SUMMARY)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
_Digest = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]


class DetailsRefused(Fault):
    """``authorization_details`` are not what may be asked for; the caller knows where that is told."""


class DocumentHash(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which document: the SHA-256 of its bytes, in base64url without padding."""

    alg: Literal["sha-256"] = "sha-256"
    value: _Digest


class SignatureRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be signed; `summary` is what the person reads on the page, in the SMS and in the app, in Polish."""

    type: Literal["trusted_signature"] = "trusted_signature"
    summary: _Summary
    document_name: _Name
    document_hash: DocumentHash


class Signatory(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed: the three facts and nothing else."""

    given_name: str
    family_name: str
    pesel: str

    def __repr__(self) -> str:
        """Nothing of a person is printed by accident."""
        return "<Signatory>"


class OperationNamed(msgspec.Struct, frozen=True, kw_only=True):
    """The operation by which it was authorised, as its person saw it; `tool` is ``sms`` or ``push``."""

    number: int
    date: str
    tool: str


class MadeFor(msgspec.Struct, frozen=True, kw_only=True):
    """The relying party that asked."""

    client_id: str
    name: str


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a statement says: who signed which document when, by what means and for whom."""

    iss: str
    jti: str
    iat: int
    summary: str
    document_name: str
    document_hash: DocumentHash
    person: Signatory
    acr: str
    amr: tuple[str, ...]
    operation: OperationNamed
    client: MadeFor


def document_hash(document: bytes) -> DocumentHash:
    """The hash that names a document."""
    return DocumentHash(value=encode_segment(hashlib.sha256(document).digest()).decode())


def readable_hash(found: DocumentHash) -> str:
    """The hash as people compare it: hexadecimal in groups of four."""
    return " ".join(re.findall(".{4}", _bytes_of(found).hex()))


def read_details(text: str) -> SignatureRequest:
    """``authorization_details`` with exactly one object of our type; raises `DetailsRefused` (RFC 9396 §2, §5)."""
    if len(text) > LONGEST_DETAILS:
        raise DetailsRefused("The authorization_details are too long.")
    try:
        listed = msgspec.json.decode(text, type=list[dict[str, Any]])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise DetailsRefused("The authorization_details are not a JSON array of objects.") from None
    if len(listed) != 1:
        raise DetailsRefused("Exactly one authorization detail may be asked for at a time.")
    if listed[0].get("type") != SIGNATURE_TYPE:
        raise DetailsRefused("This type of authorization detail is not offered.")
    return _checked(listed[0])


def details_text(asked: SignatureRequest) -> str:
    """The parameter for one signature."""
    return msgspec.json.encode([asked]).decode()


def with_statement(asked: SignatureRequest, statement: str) -> list[dict[str, Any]]:
    """What a token answer carries: the same detail, enriched with the statement (RFC 9396 §7.1)."""
    return [{**msgspec.to_builtins(asked), "statement": statement}]


def statement_in(details: object, asked: SignatureRequest) -> str:
    """The statement out of a token answer's ``authorization_details``; raises ``TokenRefused``."""
    if not isinstance(details, list) or len(details) != 1 or not isinstance(details[0], dict):
        raise TokenRefused("The answer does not hold the signature that was asked for.")
    said = dict(details[0])
    statement = said.pop("statement", None)
    if said != msgspec.to_builtins(asked) or not isinstance(statement, str):
        raise TokenRefused("The answer does not hold the signature that was asked for.")
    return statement


def read_statement(claims: Mapping[str, Any]) -> Statement:
    """The claims of a verified JWS as a statement; raises ``TokenRefused``."""
    try:
        return msgspec.convert(claims, Statement)
    except msgspec.ValidationError as broken:
        raise TokenRefused("The statement does not say what a statement must say.", detail=str(broken)) from broken


def is_about(statement: Statement, asked: SignatureRequest) -> bool:
    """Whether a statement is about what was asked for: the same document, name and summary."""
    said = (statement.summary, statement.document_name, statement.document_hash)
    return said == (asked.summary, asked.document_name, asked.document_hash)


def _checked(detail: dict[str, Any]) -> SignatureRequest:
    try:
        asked = msgspec.convert(detail, SignatureRequest)
    except msgspec.ValidationError as broken:
        raise DetailsRefused("The signature asked for is not well described.", detail=str(broken)[:200]) from broken
    if not (is_fit_to_show(asked.summary, LONGEST_SUMMARY) and is_fit_to_show(asked.document_name, LONGEST_NAME)):
        raise DetailsRefused("A summary and a document's name are one line each, of plain words in Latin letters.")
    if encode_segment(_bytes_of(asked.document_hash)).decode() != asked.document_hash.value:
        raise DetailsRefused("The document's hash is not in base64url.")
    return asked


def _bytes_of(found: DocumentHash) -> bytes:
    return decode_segment(found.value.encode())

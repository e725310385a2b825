"""A signature that we asked for: the statement in a token answer, believed only for what we asked to have signed.

It must be signed by the provider we asked, made just now and for us, and be about this very document, name and
summary. *Who* signed is left to the caller: it must compare the PESEL with the person it means. Later anyone can verify
the statement again, with the provider's lasting keys (``provider.signed_statement``).
"""

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jwt_claims import SKEW, not_ahead
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.faults import told_of
from poreka.oidc.relying_party.id_token import OLDEST_TOKEN, verify_signed
from poreka.oidc.relying_party.registration import Registration
from poreka.oidc.trusted_signature import (
    STATEMENT_TYPE,
    SignatureRequest,
    Statement,
    is_about,
    read_statement,
    statement_in,
)


class Signature(Discreet, frozen=True):
    """A statement that was believed, with the text to keep."""

    token: str
    statement: Statement


def check_signature(
    registration: Registration, wanted: SignatureRequest, details: object, keys: KeySet, now: int
) -> Signature:
    """The statement in ``authorization_details`` of a token answer; ``KeyUnknown`` asks for newer keys."""
    with told_of("signature"):
        token = statement_in(details, wanted)
        claims = verify_signed(token, keys, frozenset(registration.id_token_algorithms), frozenset({STATEMENT_TYPE}))
        statement = read_statement(claims)
        if statement.iss != registration.issuer or statement.client.client_id != registration.client_id:
            raise TokenRefused("The statement is from another issuer, or for another party.")
        if not is_about(statement, wanted):
            raise TokenRefused("The statement is about another document.")
        not_ahead(statement.iat, now, "The statement has not been made yet")
        if statement.iat < now - OLDEST_TOKEN - SKEW:
            raise TokenRefused("The statement was not made just now.")
        return Signature(token, statement)

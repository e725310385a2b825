"""What an authorization code stands for: the grant.

The code itself is a fresh secret of the caller's, kept only as a hash; using it once is the store's gate
(``authorization_codes.use_once``). The grant is what remains true until its tokens die: who, for whom, what,
how signed in. It holds names of claims, never their values. Read next: ``token_request``.
"""

import msgspec

from poreka.oidc.clients.client import Client
from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.oidc.provider.claims_request import ClaimsWish, requested_claims
from poreka.oidc.trusted_signature import SignatureRequest

CODE_LIFE = 60
"""Seconds (RFC 6749 §4.1.2 allows ten minutes, FAPI 2.0 Security Profile §5.3.2.1 one)."""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What the person signed, and by which operation; the statement about it is made with the tokens."""

    asked: SignatureRequest
    operation_id: str


class Grant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person granted to a client; stored as JSON with the hash of the code."""

    grant_id: str
    client_id: str
    person: str
    """Our internal id, which never leaves."""
    subject: str
    """The pairwise ``sub``."""
    sid: str
    scopes: tuple[str, ...]
    wish: ClaimsWish = ClaimsWish()
    consented: frozenset[str] = frozenset()
    """Names of the claims the person agreed to, out of those asked for and releasable."""
    auth_time: int
    acr: str
    amr: tuple[str, ...]
    nonce: str | None = None
    redirect_uri: str
    code_challenge: str | None = None
    dpop_jkt: str | None = None
    signed: Signed | None = None
    issued_at: int
    expires_at: int
    """When the *code* dies, in seconds since the epoch."""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed in, when and how: the facts of the session that go into a grant."""

    person: str
    subject: str
    sid: str
    auth_time: int
    acr: str
    amr: tuple[str, ...]


def grant(
    request: AuthorizationRequest,
    client: Client,
    signed_in: SignedIn,
    *,
    grant_id: str,
    consented: frozenset[str],
    signed: Signed | None = None,
    now: int,
) -> Grant:
    """The grant of a request; what was not asked for, or may not be given to this client, falls out of
    ``consented``.
    """
    askable = requested_claims(request.scopes, request.claims) & client.releasable_claims
    return Grant(
        grant_id=grant_id,
        client_id=request.client_id,
        person=signed_in.person,
        subject=signed_in.subject,
        sid=signed_in.sid,
        scopes=request.scopes,
        wish=request.claims,
        consented=consented & askable,
        auth_time=signed_in.auth_time,
        acr=signed_in.acr,
        amr=signed_in.amr,
        nonce=request.nonce,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        dpop_jkt=request.dpop_jkt,
        signed=signed,
        issued_at=now,
        expires_at=now + CODE_LIFE,
    )

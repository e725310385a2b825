"""A code becomes tokens, once.

The steps of the check are `oidc/provider/token_request.py`. The code, the assertion and the proof
are used up in the same batch that saves the token and the audit event; a code that comes a second
time revokes what the first gave (RFC 6749 §4.1.2). Where the person signed a document, the statement
about it comes with the tokens (`systems/trusted_profile/signature/making.py`).
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import GrantRevoked, TokensIssued
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.provider.authorization_code import Grant
from poreka.oidc.provider.refresh_token import REFRESH_TOKEN_LIFE, refreshing
from poreka.oidc.provider.token_request import CodeExchange, check_code_exchange, checked_proof, presented_code
from poreka.oidc.provider.tokens import ACCESS_TOKEN_LIFE, Issued, issue
from poreka.provider.document_signing import SignatureMade
from poreka.provider.endpoints.client_call import ClientCall, address_called, claims_of, proof_in, replayed
from poreka.provider.store.grants import revoking
from poreka.provider.system import Provider
from poreka.store.database import AlreadyThere, Insert

PATH = "/token"


async def with_code(request: Request, provider: Provider, call: ClientCall) -> Response:
    """The client, already proven, brings a code."""
    now = provider.clock()
    proof = checked_proof(proof_in(request), method="POST", url=address_called(request, provider, PATH), now=now)
    code = presented_code(call.parameters)
    grant = await provider.codes.load(code)

    checked = check_code_exchange(call.parameters, call.client, call.authenticated, grant, proof, now=now)
    await provider.key_ring.refresh()
    made = await signature_with(provider, checked.grant, call.client)
    record = refreshing(call.client, checked.grant, checked.binding)
    refresh = provider.fresh.secret() if record else None
    issued = issue(
        checked.grant,
        checked.binding,
        token=provider.fresh.secret(),
        issuer=provider.origin,
        key=provider.key_ring.signing(call.client.id_token_signed_response_alg),
        now=now,
        details=made.details if made else None,
        refresh_token=refresh,
    )
    more = (provider.refresh_tokens.adding(record, refresh),) if record and refresh else ()

    await _save(provider, code, checked, issued, made, more)
    return token_answer(issued)


def token_answer(issued: Issued) -> Response:
    """A good answer of the token endpoint (RFC 6749 §5.1)."""
    return Response(msgspec.json.encode(issued.answer), media_type="application/json", headers={"pragma": "no-cache"})


async def signature_with(provider: Provider, grant: Grant, client: Client) -> SignatureMade | None:
    """What the person signed, where the grant is about a signature."""
    if grant.signed is None or provider.signing is None:
        return None
    return await provider.signing.signature_of(grant, client, grant.signed)


async def _save(
    provider: Provider,
    code: str,
    checked: CodeExchange,
    issued: Issued,
    made: SignatureMade | None,
    more: tuple[Insert, ...],
) -> None:
    grant = checked.grant
    event = TokensIssued(person_id=grant.person, client_id=grant.client_id, grant_id=grant.grant_id)
    rows = (
        *claims_of(*checked.single_uses),
        provider.codes.use_once(code, grant),
        provider.tokens.adding(issued.record),
        *more,
    )
    try:
        if made is None:
            await provider.audit.save(*rows, event=event)
        else:
            await provider.audit.save_all((*rows, made.notice), (event, made.event))
            provider.wake_delivery()
    except AlreadyThere as error:
        if await provider.codes.was_used(code):
            await _revoke(provider, grant)
            raise AnsweredAsJson("invalid_grant", "The code was used before.") from error
        raise replayed(error.table) from error


async def _revoke(provider: Provider, grant: Grant) -> None:
    """What the first use gave is worthless from now on, whoever it was that came second."""
    now = provider.clock()
    event = GrantRevoked(person_id=grant.person, grant_id=grant.grant_id, reason="code_replayed")
    try:
        expires_at = grant.issued_at + REFRESH_TOKEN_LIFE + ACCESS_TOKEN_LIFE
        await provider.audit.save(revoking(grant.grant_id, now=now, expires_at=expires_at), event=event)
    except AlreadyThere:
        return  # revoked before: a third use

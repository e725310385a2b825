"""A refresh token becomes new tokens, and its successor (RFC 6749 §6); the rules are `oidc/provider/refresh_token.py`.

The assertion, the proof and the token are used up in the transaction that saves what is given. Nothing is given for
somebody whom we vouch for no more: a customer who left, a profile that was locked or has ended. Whoever brings a token
whose successor was used revokes the grant with it: one of the two who hold it has stolen it, and nobody knows which.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import GrantRevoked, TokensIssued
from poreka.oidc.provider.refresh_token import check_refresh, not_good, presented_refresh_token
from poreka.oidc.provider.token_request import bound_as_required, checked_proof
from poreka.oidc.provider.tokens import ACCESS_TOKEN_LIFE, issue
from poreka.provider.endpoints.client_call import ClientCall, address_called, claims_of, proof_in, replayed
from poreka.provider.endpoints.code_exchange import PATH, token_answer
from poreka.provider.store.grants import revoking
from poreka.provider.store.refresh_tokens import StoredRefreshToken
from poreka.provider.system import Bank
from poreka.store.database import AlreadyThere, Stale


async def with_refresh_token(request: Request, provider: Bank, call: ClientCall) -> Response:
    """The client, already proven, brings a refresh token."""
    now = provider.clock()
    proof = checked_proof(proof_in(request), method="POST", url=address_called(request, provider, PATH), now=now)
    token = presented_refresh_token(call.parameters, call.client)
    binding = bound_as_required(call.client, call.authenticated, proof)
    found = await provider.refresh_tokens.load(token)
    record = found.token if found else None
    grant = check_refresh(call.parameters, call.authenticated, record, binding, now=now)
    if await provider.customers.by_id(grant.person) is None:
        raise not_good("nobody to vouch for")
    uses = claims_of(call.authenticated.single_use, proof.single_use if proof else None)
    if found is None or found.used:
        await _revoke(provider, found)
        raise not_good("a copy")
    await provider.key_ring.refresh()
    new = provider.fresh.secret()
    issued = issue(
        grant,
        binding,
        token=provider.fresh.secret(),
        issuer=provider.origin,
        key=provider.key_ring.signing(call.client.id_token_signed_response_alg),
        now=now,
        refresh_token=new,
    )
    event = TokensIssued(person_id=grant.person, client_id=grant.client_id, grant_id=grant.grant_id)
    try:
        async with provider.audit.transaction() as (transaction, note):
            await transaction.insert(*uses, provider.tokens.adding(issued.record))
            await provider.refresh_tokens.succeed(transaction, token, found, new, found.token)
            await note(event)
    except AlreadyThere as error:
        raise replayed(error.table) from error
    except Stale as error:
        raise not_good("used at the same moment") from error
    return token_answer(issued)


async def _revoke(provider: Bank, found: StoredRefreshToken | None) -> None:
    if found is None:
        return
    grant, now = found.token.grant, provider.clock()
    row = revoking(grant.grant_id, now=now, expires_at=found.token.expires_at + ACCESS_TOKEN_LIFE)
    event = GrantRevoked(person_id=grant.person, grant_id=grant.grant_id, reason="refresh_token_replayed")
    try:
        await provider.audit.save(row, event=event)
    except AlreadyThere:
        return  # revoked at this moment, by somebody else

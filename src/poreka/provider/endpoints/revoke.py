"""A client gives a token back before its time: its whole grant is revoked, and the answer never tells more.

The rule is `oidc/provider/revocation.py`. Withdrawing a consent revokes too, in `provider/consents`.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import GrantRevoked
from poreka.oidc.provider.introspection import token_asked_about
from poreka.oidc.provider.refresh_token import REFRESH_TOKEN_LIFE
from poreka.oidc.provider.revocation import grant_to_revoke
from poreka.oidc.provider.tokens import ACCESS_TOKEN_LIFE
from poreka.provider.endpoints.client_call import authenticated_call, claims_of, replayed
from poreka.provider.store.grants import revoking
from poreka.provider.system import Provider
from poreka.store.database import AlreadyThere

PATH = "/revoke"


async def revoke(request: Request, provider: Provider) -> Response:
    """POST /revoke: 200 with an empty body, also for a token that is unknown (RFC 7009 §2.2)."""
    call = await authenticated_call(request, provider, PATH)
    token = token_asked_about(call.parameters)
    access, refresh = await provider.tokens.load(token), await provider.refresh_tokens.load(token)
    record = access or (refresh.token.grant if refresh else None)
    grant_id = grant_to_revoke(record, client_id=call.client.client_id)
    uses = claims_of(call.authenticated.single_use)
    try:
        if grant_id is None or record is None:
            await provider.database.insert(*uses)
        else:
            event = GrantRevoked(person_id=record.person, grant_id=grant_id, reason="by_client")
            expires_at = record.issued_at + REFRESH_TOKEN_LIFE + ACCESS_TOKEN_LIFE
            row = revoking(grant_id, now=provider.clock(), expires_at=expires_at)
            await provider.audit.save(*uses, row, event=event)
    except AlreadyThere as error:
        if error.table != "revoked_grants":
            raise replayed(error.table) from error
    return Response(status_code=200)

"""POST /token: the client proves itself, then the grant type says what it brings (RFC 6749 §3.2, §4).

Codes everywhere (`code_exchange.py`), and refresh tokens for who registered for them (`refresh.py`); approvals in the
app where people are asked there (`approval_poll.py`).
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.backchannel_authentication import GRANT_TYPE
from poreka.oidc.clients.client import REFRESH_TOKEN
from poreka.provider.endpoints.approval_poll import with_approval
from poreka.provider.endpoints.client_call import authenticated_call
from poreka.provider.endpoints.code_exchange import PATH, with_code
from poreka.provider.endpoints.refresh import with_refresh_token
from poreka.provider.system import Bank


async def give_tokens(request: Request, provider: Bank) -> Response:
    """POST /token."""
    call = await authenticated_call(request, provider, PATH)
    asks_about_app = call.parameters.get_if_sound("grant_type") == GRANT_TYPE and provider.supported.backchannel
    if asks_about_app and provider.backchannel is not None:
        return await with_approval(request, provider, provider.backchannel.requests, call)
    if call.parameters.get_if_sound("grant_type") == REFRESH_TOKEN:
        return await with_refresh_token(request, provider, call)
    return await with_code(request, provider, call)

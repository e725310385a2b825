"""The public documents of a provider: its metadata, and the keys of receipts.

Both are made from what the provider really does (`oidc/provider/metadata.py`) and the keys it now
publishes. They may be kept for a few minutes, as `web/own_keys.py` has it.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.oidc.provider.metadata import Endpoints, Offered, metadata
from poreka.provider.lasting_keys import lasting_keys
from poreka.provider.system import Bank
from poreka.web.own_keys import KEPT


def endpoints_at(origin: str, mtls: str | None = None, *, backchannel: bool = False) -> Endpoints:
    """Where a provider's endpoints are; those for mutual TLS are on an origin of their own (RFC 8705 §5)."""
    return Endpoints(
        authorization=f"{origin}/authorize",
        pushed_authorization_request=f"{origin}/par",
        token=f"{origin}/token",
        userinfo=f"{origin}/userinfo",
        jwks=f"{origin}/jwks",
        introspection=f"{origin}/introspect",
        revocation=f"{origin}/revoke",
        end_session=f"{origin}/end-session",
        backchannel_authentication=f"{origin}/backchannel/authenticate" if backchannel else None,
        mtls_pushed_authorization_request=mtls and f"{mtls}/par",
        mtls_token=mtls and f"{mtls}/token",
        mtls_userinfo=mtls and f"{mtls}/userinfo",
        mtls_introspection=mtls and f"{mtls}/introspect",
        mtls_revocation=mtls and f"{mtls}/revoke",
        mtls_backchannel_authentication=mtls and f"{mtls}/backchannel/authenticate" if backchannel else None,
    )


async def show_metadata(request: Request, bank: Bank) -> Response:
    """GET /.well-known/openid-configuration (OpenID Connect Discovery 1.0 §4)."""
    framework = bank.settings.vouching.trust_framework
    offered = Offered(
        signing_algorithms=bank.key_ring.algorithms,
        trust_frameworks=(framework,),
        assurance_levels=bank.supported.acr_values,
        evidence=("electronic_record",),
        electronic_records=("bank_account",),
    )
    mtls, backchannel = bank.mutual_tls.origin if bank.mutual_tls else None, bank.supported.backchannel
    endpoints = endpoints_at(bank.origin, mtls, backchannel=backchannel)
    return JSONResponse(metadata(bank.supported, endpoints, offered), headers=KEPT)


async def show_receipt_keys(request: Request, bank: Bank) -> Response:
    """GET /receipt-keys: every key that ever signed what lasts, receipts and statements of signatures; a past one says
    when it did (docs/adr/0018)."""
    return JSONResponse(await lasting_keys(bank), headers=KEPT)

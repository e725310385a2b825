"""Is this access token good for this call? The check at a protected resource.

A token bound to a key is refused as a bearer token and without a fresh proof; one bound to a certificate is
refused without it (RFC 9449 §7, RFC 8705 §3). The record was looked up by ``tokens.stored_hash``; the proof's
single use is the caller's. Read next: ``userinfo``. RFC 6750 §2–3.
"""

import msgspec

from poreka.oidc.algorithms import FAPI2_ALGORITHMS
from poreka.oidc.dpop import NonceNeeded, check_proof
from poreka.oidc.errors import RefusedBearer, SingleUse, TokenRefused
from poreka.oidc.provider.tokens import AccessToken

LONGEST_ACCESS_TOKEN = 512
DPOP_ALGORITHMS = {"algs": " ".join(sorted(FAPI2_ALGORITHMS))}


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """An access token as it came: in the ``Authorization`` header or in a form, never in a query (RFC 9700 §4.3.2)."""

    scheme: str
    token: str


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """The call is allowed; ``single_use`` is to be stored where a proof came."""

    token: AccessToken
    single_use: SingleUse | None = None


def presented_token(authorization: str | None, in_form: str | None = None) -> Presented:
    """The token of the header, or of the form: the latter only ever a bearer's. Raises ``RefusedBearer`` (RFC 6750
    §2.1–2.2, RFC 9449 §7.1).
    """
    if in_form is not None:
        if authorization is not None:
            raise RefusedBearer("invalid_request", "The access token came in more than one way.", status=400)
        authorization = f"Bearer {in_form}"
    if authorization is None:
        raise RefusedBearer(None, "An access token is needed.", parameters={"realm": "poreka"})
    scheme, _, token = authorization.partition(" ")
    scheme, token = scheme.lower(), token.strip()
    if scheme not in ("bearer", "dpop"):
        raise RefusedBearer(None, "An access token is needed.", parameters={"realm": "poreka"})
    if not token or len(token) > LONGEST_ACCESS_TOKEN or not token.isascii() or " " in token:
        raise RefusedBearer("invalid_request", "The Authorization header is malformed.", status=400)
    return Presented(scheme=scheme, token=token)


def check_access(
    presented: Presented,
    record: AccessToken | None,
    *,
    proof: str | None,
    method: str,
    url: str,
    thumbprint: str | None,
    now: int,
    nonces: frozenset[str] | None = None,
    next_nonce: str = "",
) -> Access:
    """Check a presented token against its record; raises ``RefusedBearer``.

    ``thumbprint`` is that of the TLS client certificate, if one came. An unknown, expired or revoked token is
    the same to a caller.
    """
    if record is None or record.expires_at <= now:
        raise _refused(presented, "The access token is not valid or has expired.")
    if record.binding.jkt is None:
        if presented.scheme == "dpop":
            raise _refused(presented, "The access token is not bound to a key.")
        if record.binding.x5t is not None and record.binding.x5t != thumbprint:
            raise _refused(presented, "The access token is bound to another certificate.")
        return Access(token=record)
    if presented.scheme != "dpop":
        raise _refused(presented, "The access token is bound to a key and is not a bearer token.")
    return _with_proof(presented, record, proof, method, url, now, nonces, next_nonce)


def _with_proof(
    presented: Presented,
    record: AccessToken,
    proof: str | None,
    method: str,
    url: str,
    now: int,
    nonces: frozenset[str] | None,
    next_nonce: str,
) -> Access:
    if proof is None:
        raise _bad_proof("The request must carry a DPoP proof.")
    try:
        proven = check_proof(proof, method=method, url=url, now=now, access_token=presented.token, nonces=nonces)
    except NonceNeeded as fault:
        raise RefusedBearer(
            "use_dpop_nonce",
            fault.description,
            scheme="DPoP",
            parameters=DPOP_ALGORITHMS,
            headers={"DPoP-Nonce": next_nonce},
        ) from fault
    except TokenRefused as fault:
        raise _bad_proof(fault.description, fault.detail) from fault
    if proven.jkt != record.binding.jkt:
        raise _refused(presented, "The access token is bound to another key.")
    return Access(token=record, single_use=proven.single_use)


def _refused(presented: Presented, description: str) -> RefusedBearer:
    if presented.scheme == "dpop":
        return RefusedBearer("invalid_token", description, scheme="DPoP", parameters=DPOP_ALGORITHMS)
    return RefusedBearer("invalid_token", description)


def _bad_proof(description: str, detail: str = "") -> RefusedBearer:
    return RefusedBearer("invalid_dpop_proof", description, scheme="DPoP", parameters=DPOP_ALGORITHMS, detail=detail)

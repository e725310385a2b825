"""Token introspection: what a token is worth, told only to the client it was given to (RFC 7662).

Anybody else's token, an expired one and an unknown one look the same: ``{"active": false}``, so nothing can
be probed. The caller is authenticated before, as at the token endpoint. Read next: ``revocation``.
"""

from typing import Any

from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.jose import sign
from poreka.oidc.keys import SigningKey
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.tokens import AccessToken

SIGNED_TYPE = "application/token-introspection+jwt"
INACTIVE: dict[str, Any] = {"active": False}
LONGEST_TOKEN = 512


def token_asked_about(parameters: Parameters) -> str:
    """The parameter ``token`` of an introspection or revocation request; raises ``AnsweredAsJson`` (RFC 7662
    §2.1).
    """
    try:
        parameters.check()
        token = parameters.get("token")
    except ParameterRefused as fault:
        raise AnsweredAsJson("invalid_request", fault.description, detail=fault.detail) from fault
    if token is None or len(token) > LONGEST_TOKEN:
        raise AnsweredAsJson("invalid_request", "The parameter token is missing or too long.")
    return token


def introspection_answer(record: AccessToken | None, *, client_id: str, issuer: str, now: int) -> dict[str, Any]:
    """The JSON body of the answer (RFC 7662 §2.2, with ``cnf`` of RFC 9449 §6.2 and RFC 8705 §3.2)."""
    if record is None or record.client_id != client_id or record.expires_at <= now:
        return INACTIVE
    answer: dict[str, Any] = {
        "active": True,
        "iss": issuer,
        "client_id": record.client_id,
        "sub": record.subject,
        "scope": " ".join(record.scopes),
        "iat": record.issued_at,
        "exp": record.expires_at,
        "acr": record.acr,
        "auth_time": record.auth_time,
        "token_type": "Bearer" if record.binding.jkt is None else "DPoP",
    }
    if record.binding.jkt is not None:
        answer["cnf"] = {"jkt": record.binding.jkt}
    elif record.binding.x5t is not None:
        answer["cnf"] = {"x5t#S256": record.binding.x5t}
    return answer


def signed_introspection(answer: dict[str, Any], *, issuer: str, client_id: str, key: SigningKey, now: int) -> str:
    """The same as a JWT for this client, where it asks for one by ``Accept`` (RFC 9701 §5)."""
    claims = {"iss": issuer, "aud": client_id, "iat": now, "token_introspection": answer}
    return sign(claims, key, "token-introspection+jwt")

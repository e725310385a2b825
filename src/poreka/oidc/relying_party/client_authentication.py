"""How we prove to a provider's endpoints which client is calling: a signed assertion, or a shared secret.

`private_key_jwt` follows RFC 7523 as FAPI 2.0 narrows it (section 5.3.3.1): `aud` is the issuer, as one
string, so that an assertion caught by one endpoint of one provider is worth nothing at another.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote_plus

from poreka.oidc import jose
from poreka.oidc.keys import SigningKey
from poreka.oidc.relying_party.registration import Registration

ASSERTION_LIFE = 60
"""Seconds; long enough for one request over a slow line."""

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """Our secrets for one registration; which one is used is the registration's choice."""

    signing_key: SigningKey | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ClientProof:
    """What client authentication adds to a request."""

    form: dict[str, str] = field(repr=False)
    headers: dict[str, str] = field(repr=False)


def authenticate(
    registration: Registration, credentials: ClientCredentials, assertion_id: str, now: int
) -> ClientProof:
    """Prove who we are to the provider, in the way registered there (OpenID Connect Core 1.0, section 9)."""
    method = registration.client_authentication
    if method == "private_key_jwt":
        return _by_assertion(registration, credentials.signing_key, assertion_id, now)
    if not credentials.secret:
        raise ValueError("the registration needs a client secret")
    if method == "client_secret_post":
        form = {"client_id": registration.client_id, "client_secret": credentials.secret}
        return ClientProof(form=form, headers={})
    # Both halves are form-encoded before they are joined: RFC 6749, section 2.3.1.
    pair = f"{quote_plus(registration.client_id)}:{quote_plus(credentials.secret)}"
    return ClientProof(form={}, headers={"authorization": f"Basic {b64encode(pair.encode()).decode()}"})


def _by_assertion(registration: Registration, key: SigningKey | None, assertion_id: str, now: int) -> ClientProof:
    if key is None or key.algorithm != registration.signing_algorithm:
        raise ValueError("the registration needs a signing key of its algorithm")
    claims = {
        "iss": registration.client_id,
        "sub": registration.client_id,
        "aud": registration.issuer,
        "jti": assertion_id,
        "iat": now,
        "exp": now + ASSERTION_LIFE,
    }
    form = {
        "client_id": registration.client_id,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": jose.sign(claims, key),
    }
    return ClientProof(form=form, headers={})

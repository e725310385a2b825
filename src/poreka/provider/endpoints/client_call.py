"""How every direct endpoint of a provider begins: read the form, find the client, authenticate it.

`authenticated_call` does it for push, token, introspection, revocation and backchannel authentication. The checks are
pure functions in `oidc/`; this module brings them the request, the client's keys and the time. `claims_of` makes the
rows that use up a client assertion or DPoP proof; the endpoint saves them together with what the request leads to.
"""

from dataclasses import dataclass

from starlette.requests import Request

from poreka.oidc.clients.authentication import (
    NO_KEYS,
    Authenticated,
    ClientNotAuthenticated,
    PeerCertificate,
    authenticate,
    claimed_client_id,
)
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import AnsweredAsJson, SingleUse
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.provider.client_registry import KnownClient
from poreka.provider.system import Provider
from poreka.store.database import Insert
from poreka.store.used_once import claiming
from poreka.web.forms import read_pairs

# Client endpoints carry signed JWTs, so a value may be longer than what a person types.
LONGEST_VALUE = 16 * 1024


@dataclass(frozen=True, slots=True)
class ClientCall:
    """A request whose client has been authenticated, and how (`authenticated`)."""

    parameters: Parameters
    client: Client
    keys: KeySet
    authenticated: Authenticated


async def authenticated_call(
    request: Request, provider: Provider, path: str, parameters: Parameters | None = None
) -> ClientCall:
    """The request with its client authenticated; raises `AnsweredAsJson` (RFC 6749 §2.3, §5.2).

    Where the key that signed is unknown, the client's `jwks_uri` is fetched anew and tried once more. `parameters` are
    given where the endpoint has read the form already.
    """
    parameters = await client_parameters(request) if parameters is None else parameters
    authorization, certificate = request.headers.get("authorization"), certificate_of(request, provider)
    endpoint = address_called(request, provider, path)
    known = await provider.registry.find(claimed_client_id(parameters, authorization))
    try:
        proven = _prove(known, parameters, authorization, certificate, provider, endpoint)
    except ClientNotAuthenticated as fault:
        if not fault.key_unknown or known is None or known.client.jwks_uri is None:
            raise
        known = await provider.registry.find_with_new_keys(known.client.client_id)
        proven = _prove(known, parameters, authorization, certificate, provider, endpoint)
    if known is None:
        raise AnsweredAsJson("invalid_client", "The client is not known.", status=401)
    return ClientCall(parameters, known.client, known.keys, proven)


async def client_parameters(request: Request) -> Parameters:
    """The form of a direct endpoint; raises `BadForm` or `AnsweredAsJson`."""
    try:
        return Parameters.of_pairs(await read_pairs(request, longest=LONGEST_VALUE), longest=LONGEST_VALUE)
    except ParameterRefused as fault:
        raise AnsweredAsJson("invalid_request", fault.description) from fault


def service_met(provider: Provider, parameters: Parameters, authorization: str | None) -> str:
    """The client id that a call claims, not proven, if the registry has met it; else empty. Limits count by it."""
    claimed = claimed_client_id(parameters, authorization)
    return claimed if provider.registry.seen(claimed) else ""


def certificate_of(request: Request, provider: Provider) -> PeerCertificate | None:
    """The TLS certificate of the caller; None without one, or where mutual TLS is not set up."""
    return provider.mutual_tls.certificate_of(request) if provider.mutual_tls else None


def address_called(request: Request, provider: Provider, path: str) -> str:
    """The address of an endpoint as the caller named it: on our origin, or on that of mutual TLS (RFC 9449 §4.3)."""
    mutual_tls = provider.mutual_tls
    return (mutual_tls.origin if mutual_tls and mutual_tls.was_called(request) else provider.origin) + path


def _prove(
    known: KnownClient | None,
    parameters: Parameters,
    authorization: str | None,
    certificate: PeerCertificate | None,
    provider: Provider,
    endpoint: str,
) -> Authenticated:
    return authenticate(
        known.client if known else None,
        parameters,
        authorization=authorization,
        certificate=certificate,
        keys=known.keys if known else NO_KEYS,
        issuer=provider.origin,
        endpoint=endpoint,
        now=provider.clock(),
    )


def claims_of(*uses: SingleUse | None) -> tuple[Insert, ...]:
    """The rows that use up assertions and proofs: a second insert raises `AlreadyThere` (see `replayed`)."""
    return tuple(claiming(use.kind, use.value, use.expires_at) for use in uses if use is not None)


def proof_in(request: Request) -> str | None:
    """The DPoP header; several are joined, and the result is refused as malformed (RFC 9449 §4.3, step 1)."""
    return ", ".join(request.headers.getlist("dpop")) or None


def replayed(table: str) -> AnsweredAsJson:
    """The answer to an assertion or proof that came a second time."""
    return AnsweredAsJson("invalid_request", "An assertion or proof was used before.", detail=f"replay, {table}")

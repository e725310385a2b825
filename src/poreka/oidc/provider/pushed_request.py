"""Pushed authorization requests: the answer to a push, and the redemption of the reference it gave (RFC
9126).

The push itself is checked by ``authorization_request.check_request``; ``answered_as_json`` gives its faults
the form of a direct endpoint. Only references of our own making are understood; each is good once, which the
caller's store sees to. Read next: ``requested_level``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from poreka.oidc.clients.authentication import NO_KEYS
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import AnsweredAsJson, SentToClient, ShownToPerson
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.authorization_request import AuthorizationRequest, check_request
from poreka.oidc.provider.request_parameters import Supported

REFERENCE_PREFIX = "urn:ietf:params:oauth:request_uri:"
PUSHED_LIFE = 60
"""Seconds between the push and the browser's arrival."""


class PushedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A checked request waiting for its browser; stored under the hash of its reference."""

    request: AuthorizationRequest
    expires_at: int


@contextmanager
def answered_as_json() -> Iterator[None]:
    """Faults of the request become JSON with status 400 (RFC 9126 §2.3)."""
    try:
        yield
    except (SentToClient, ShownToPerson) as fault:
        raise AnsweredAsJson(fault.error, fault.description, detail=fault.detail) from fault
    except ParameterRefused as fault:
        raise AnsweredAsJson("invalid_request", fault.description, detail=fault.detail) from fault


def check_pushed(
    parameters: Parameters,
    client: Client,
    supported: Supported,
    *,
    now: int,
    client_keys: KeySet = NO_KEYS,
    own_keys: KeySet = NO_KEYS,
    proof_jkt: str | None = None,
) -> PushedRequest:
    """Check the push of an authenticated client; raises ``AnsweredAsJson``.

    ``proof_jkt`` is the key of a DPoP proof sent along: it binds the code as ``dpop_jkt`` would (RFC 9449
    §10.1).
    """
    with answered_as_json():
        if "request_uri" in parameters:
            raise SentToClient("invalid_request", "A pushed request may not contain a request_uri.")
        parameters = _named(parameters, client)
        request = check_request(
            parameters, client, supported, now=now, client_keys=client_keys, own_keys=own_keys, pushed=True
        )
        return PushedRequest(request=_bound(request, proof_jkt), expires_at=now + PUSHED_LIFE)


def _named(parameters: Parameters, client: Client) -> Parameters:
    """The client was proven by its authentication, which may stand in for ``client_id``."""
    return parameters if "client_id" in parameters else parameters.with_value("client_id", client.client_id)


def _bound(request: AuthorizationRequest, proof_jkt: str | None) -> AuthorizationRequest:
    if proof_jkt is None:
        return request
    if request.dpop_jkt not in (None, proof_jkt):
        raise SentToClient("invalid_dpop_proof", "The DPoP proof is made by another key than dpop_jkt names.")
    return msgspec.structs.replace(request, dpop_jkt=proof_jkt)


def pushed_answer(reference: str) -> dict[str, str | int]:
    """The body of the 201 answer; ``reference`` is a fresh secret of at least 128 bits (RFC 9126 §2.2)."""
    return {"request_uri": REFERENCE_PREFIX + reference, "expires_in": PUSHED_LIFE}


def reference_of(parameters: Parameters) -> str | None:
    """The reference in an authorization request, ``None`` where it has none; may raise ``ShownToPerson``."""
    try:
        request_uri = parameters.get("request_uri")
    except ParameterRefused as fault:
        raise ShownToPerson("invalid_request", fault.description) from fault
    if request_uri is None:
        return None
    if not request_uri.startswith(REFERENCE_PREFIX) or len(request_uri) > 255:
        raise ShownToPerson("invalid_request_uri", "The request refers to something that was not pushed here.")
    return request_uri.removeprefix(REFERENCE_PREFIX)


def redeem(parameters: Parameters, pushed: PushedRequest | None, *, now: int) -> AuthorizationRequest:
    """The request that was pushed, for the client that pushed it; raises ``ShownToPerson`` (RFC 9126 §4).

    Whatever else stands in the query is ignored. The reference must then be used up by the caller.
    """
    try:
        client_id = parameters.get("client_id")
    except ParameterRefused as fault:
        raise ShownToPerson("invalid_request", fault.description) from fault
    if pushed is None or pushed.request.client_id != client_id:
        raise ShownToPerson("invalid_request_uri", "The request is not known here, or was used already.")
    if pushed.expires_at <= now:
        raise ShownToPerson("invalid_request_uri", "The request has waited for too long.")
    return pushed.request

"""THE check of a token request: the steps of the code grant, in the order of the standards.

The client was authenticated before (``client_authentication``) and the code's grant was looked up by its
hash; that the code is used only once, and that a second use revokes what the first gave, is the caller's
gate, which must come *after* this check and in the same transaction as the tokens. Read next: ``tokens``, and for
tokens that are renewed ``refresh_token``. RFC 6749 §4.1.3, §5.2; RFC 7636 §4.6; RFC 9449 §5, §10; RFC 8705 §3; FAPI 2.0
Security Profile §5.3.2.1.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from poreka.oidc.clients.authentication import Authenticated
from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registered import registered
from poreka.oidc.dpop import NonceNeeded, Proof, check_proof
from poreka.oidc.errors import AnsweredAsJson, SingleUse, TokenRefused
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.pkce import PkceRefused, check_verifier
from poreka.oidc.provider.authorization_code import Grant

LONGEST_CODE = 128


class Binding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What tokens are bound to: a DPoP key, a certificate or nothing (RFC 9449 §6, RFC 8705 §3.1)."""

    jkt: str | None = None
    x5t: str | None = None


class CodeExchange(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a token request established; ``single_uses`` are still to be stored."""

    client: Client
    grant: Grant
    binding: Binding
    single_uses: tuple[SingleUse, ...]


def presented_code(parameters: Parameters) -> str:
    """The code in a request for the one grant type there is; raises ``AnsweredAsJson`` (RFC 6749 §5.2)."""
    with _answered():
        parameters.check()
        grant_type = parameters.get("grant_type")
        if grant_type is None:
            raise AnsweredAsJson("invalid_request", "The parameter grant_type is missing.")
        if grant_type != "authorization_code":
            raise AnsweredAsJson("unsupported_grant_type", "This grant type is not offered here.")
        code = parameters.get("code")
        if code is None:
            raise AnsweredAsJson("invalid_request", "The parameter code is missing.")
        if len(code) > LONGEST_CODE:
            raise AnsweredAsJson("invalid_grant", "The code is not known.")
        return code


def check_code_exchange(
    parameters: Parameters,
    client: Client,
    authenticated: Authenticated,
    grant: Grant | None,
    proof: Proof | None,
    *,
    now: int,
) -> CodeExchange:
    """Check the exchange of a code; ``proof`` is the request's DPoP proof, already checked by
    ``checked_proof``.

    ``grant`` is what the code stands for, or ``None`` where it stands for nothing. Raises ``AnsweredAsJson``.
    """
    with _answered():
        found = given_to_this_client(grant, authenticated)
        not_too_late(found, now)
        same_redirect_uri(found, parameters)
        check_verifier(parameters.get("code_verifier"), found.code_challenge)
        binding = bound_as_required(client, authenticated, proof)
        same_key_as_asked(found, binding)
        uses = (authenticated.single_use, proof.single_use if proof is not None else None)
        return CodeExchange(
            client=client,
            grant=found,
            binding=binding,
            single_uses=tuple(use for use in uses if use is not None),
        )


def checked_proof(
    proof: str | None,
    *,
    method: str,
    url: str,
    now: int,
    nonces: frozenset[str] | None = None,
    next_nonce: str = "",
) -> Proof | None:
    """The DPoP proof of a request to a direct endpoint; raises ``AnsweredAsJson`` (RFC 9449 §5, §8)."""
    if proof is None:
        return None
    try:
        return check_proof(proof, method=method, url=url, now=now, nonces=nonces)
    except NonceNeeded as fault:
        headers = {"DPoP-Nonce": next_nonce}
        raise AnsweredAsJson("use_dpop_nonce", fault.description, headers=headers) from fault
    except TokenRefused as fault:
        raise AnsweredAsJson("invalid_dpop_proof", fault.description, detail=fault.detail) from fault


def given_to_this_client(grant: Grant | None, authenticated: Authenticated) -> Grant:
    """The code exists and was given to the client that now brings it (RFC 6749 §4.1.3)."""
    if grant is None:
        raise AnsweredAsJson("invalid_grant", "The code is not known.")
    if grant.client_id != authenticated.client_id:
        raise AnsweredAsJson("invalid_grant", "The code is not known.", detail="the code of another client")
    return grant


def not_too_late(grant: Grant, now: int) -> None:
    """The code has not expired."""
    if grant.expires_at <= now:
        raise AnsweredAsJson("invalid_grant", "The code has expired.")


def same_redirect_uri(grant: Grant, parameters: Parameters) -> None:
    """The address is the one of the authorization request (RFC 6749 §4.1.3)."""
    redirect_uri = parameters.get("redirect_uri")
    if redirect_uri != grant.redirect_uri:
        raise AnsweredAsJson("invalid_grant", "The redirect_uri is not the one of the authorization request.")


def bound_as_required(client: Client, authenticated: Authenticated, proof: Proof | None) -> Binding:
    """What the tokens will be bound to: a proof wins over a certificate; a profile may insist on either."""
    if proof is not None:
        return Binding(jkt=proof.jkt)
    if client.dpop_required:
        raise AnsweredAsJson(
            "invalid_dpop_proof", f"The request must carry a DPoP proof. {registered(client, 'dpop_required')}"
        )
    if authenticated.thumbprint is not None:
        return Binding(x5t=authenticated.thumbprint)
    if client.bound_tokens_needed:
        raise AnsweredAsJson(
            "invalid_request",
            f"The request must carry a DPoP proof or a client certificate. {registered(client, 'profile')}",
        )
    return Binding()


def same_key_as_asked(grant: Grant, binding: Binding) -> None:
    """A code bound to a key is only for the holder of that key (RFC 9449 §10)."""
    if grant.dpop_jkt not in (None, binding.jkt):
        raise AnsweredAsJson("invalid_dpop_proof", "The code is bound to another key.")


@contextmanager
def _answered() -> Iterator[None]:
    """Faults of a direct endpoint become JSON."""
    try:
        yield
    except ParameterRefused as fault:
        raise AnsweredAsJson("invalid_request", fault.description, detail=fault.detail) from fault
    except PkceRefused as fault:
        raise AnsweredAsJson("invalid_grant", fault.description) from fault

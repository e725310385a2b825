"""THE check of an authorization request: one function whose lines are the steps in the order of the
standards.

Until the client and its ``redirect_uri`` are proven, a fault is shown to the person here; from the ``with``
on it travels back to the client. The same check serves pushed requests (``pushed_request`` turns its faults
into JSON). Each step returns what it established. Who the person is and what must happen next is not decided
here. Read next: ``requested_level``. RFC 6749 §4.1.1, OpenID Connect Core §3.1.2, RFC 9101, RFC 9126,
RFC 9449 §10, FAPI 2.0 Security Profile §5.3.2.2.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from poreka.oidc.clients.authentication import NO_KEYS
from poreka.oidc.clients.client import Client, owns_redirect_uri
from poreka.oidc.clients.registered import Field, registered
from poreka.oidc.errors import Destination, Fault, SentToClient, ShownToPerson, TokenRefused
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.pkce import PkceRefused
from poreka.oidc.provider.claims_request import ClaimsWish, read_claims_parameter
from poreka.oidc.provider.request_object import open_request_object
from poreka.oidc.provider.request_parameters import (
    LONGEST_STATE,
    RESPONSE_MODES,
    Supported,
    checked_acr_values,
    checked_challenge,
    checked_details,
    checked_dpop_jkt,
    checked_max_age,
    checked_prompt,
    checked_response_mode,
    checked_scopes,
    checked_subject,
    is_printable,
    nothing_unsupported,
    response_type_code,
    short_text,
)
from poreka.oidc.trusted_signature import SignatureRequest


class AuthorizationRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request found good; stored as JSON while the person signs in."""

    client_id: str
    redirect_uri: str
    response_mode: str = "query"
    signed_with: str = "ES256"
    """With what the answer is signed, in a response mode that signs it."""
    poreka_reason: bool = False
    """Whether the answer says how a sign-in ended that came to nothing, because the client registered for it."""
    scopes: tuple[str, ...]
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    dpop_jkt: str | None = None
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    acr_values: tuple[str, ...] = ()
    acr_essential: bool = False
    claims: ClaimsWish = ClaimsWish()
    login_hint: str | None = None
    ui_locales: tuple[str, ...] = ()
    hinted_subject: str | None = None
    """The ``sub`` that ``id_token_hint`` or ``claims`` names: no other person may be answered for."""
    signature: SignatureRequest | None = None
    """What the person is to sign, where that is what the request is for."""

    @property
    def destination(self) -> Destination:
        """Where the answer goes."""
        return Destination(
            redirect_uri=self.redirect_uri,
            state=self.state,
            response_mode=self.response_mode,
            client_id=self.client_id,
            signed_with=self.signed_with,
            poreka_reason=self.poreka_reason,
        )


def check_request(
    parameters: Parameters,
    client: Client | None,
    supported: Supported,
    *,
    now: int,
    client_keys: KeySet = NO_KEYS,
    own_keys: KeySet = NO_KEYS,
    pushed: bool = False,
) -> AuthorizationRequest:
    """Raises ``ShownToPerson`` or ``SentToClient``; keys open a signed request and an ``id_token_hint``."""
    client = known_client(parameters, client)
    inner = parameters_that_count(parameters, client, supported, client_keys, now, pushed=pushed)
    redirect_uri = proven_redirect_uri(inner, client)
    with sent_to(destination_of(inner, redirect_uri, client)):
        outer_and_inner_sound(parameters, inner)
        pushed_if_it_must_be(client, pushed=pushed)
        nothing_unsupported(inner)
        response_type_code(inner)
        scopes = checked_scopes(inner, client, supported)
        code_challenge = checked_challenge(inner, client)
        dpop_jkt = checked_dpop_jkt(inner)
        claims = read_claims_parameter(inner.get("claims"))
        acr_values, acr_essential = checked_acr_values(inner, client, claims)
        return AuthorizationRequest(
            client_id=client.client_id,
            redirect_uri=redirect_uri,
            response_mode=checked_response_mode(inner),
            signed_with=client.authorization_signed_response_alg,
            poreka_reason=client.poreka_reason,
            scopes=scopes,
            state=short_text(inner, "state", LONGEST_STATE),
            nonce=short_text(inner, "nonce", 512),
            code_challenge=code_challenge,
            dpop_jkt=dpop_jkt,
            prompt=checked_prompt(inner),
            max_age=checked_max_age(inner),
            acr_values=acr_values,
            acr_essential=acr_essential,
            claims=claims,
            login_hint=short_text(inner, "login_hint", 256),
            ui_locales=tuple((short_text(inner, "ui_locales", 256) or "").split()),
            signature=checked_details(inner, client, supported),
            hinted_subject=checked_subject(inner, client, claims, supported.issuer, own_keys),
        )


def known_client(parameters: Parameters, client: Client | None) -> Client:
    """The client exists and is the one the request names."""
    try:
        client_id = parameters.get("client_id")
    except ParameterRefused as fault:
        raise ShownToPerson("invalid_request", fault.description) from fault
    if client is None or client_id != client.client_id:
        raise ShownToPerson("invalid_client", "The service that sent you here is not known.")
    return client


def parameters_that_count(
    parameters: Parameters, client: Client, supported: Supported, keys: KeySet, now: int, *, pushed: bool
) -> Parameters:
    """The parameters that count: those inside a signed request object, where there is one (RFC 9101 §6.3)."""
    try:
        request_object = parameters.get("request")
        if request_object is None:
            if client.require_signed_request_object:
                raise _misfit(client, "This client must sign its requests.", "require_signed_request_object")
            return parameters
        if not (client.rules.signed_requests or pushed):
            raise ShownToPerson(
                "request_not_supported",
                f"This service may send a request object to /par only. {registered(client, 'profile')}",
            )
        return open_request_object(request_object, client, keys, issuer=supported.issuer, now=now)
    except (ParameterRefused, TokenRefused) as fault:
        raise ShownToPerson("invalid_request_object", fault.description, detail=fault.detail) from fault


def proven_redirect_uri(parameters: Parameters, client: Client) -> str:
    """The address is the client's, by exact comparison; it is never filled in for a request without one (Core
    §3.1.2.1).
    """
    try:
        redirect_uri = parameters.get("redirect_uri")
    except ParameterRefused as fault:
        raise ShownToPerson("invalid_request", fault.description) from fault
    if redirect_uri is None:
        raise ShownToPerson("invalid_request", "The request does not say where to return to.")
    if not owns_redirect_uri(client, redirect_uri):
        raise _misfit(client, "The request asks to return to an address that is not registered.", "redirect_uris")
    return redirect_uri


def _misfit(client: Client, description: str, field: Field) -> ShownToPerson:
    """The request is not as the client is registered, and the person cannot be sent back."""
    return ShownToPerson("invalid_request", f"{description} {registered(client, field)}")


@contextmanager
def sent_to(destination: Destination) -> Iterator[None]:
    """From here on a fault may travel back to the client, at this proven destination."""
    try:
        yield
    except SentToClient as fault:
        fault.destination = destination
        raise
    except (ParameterRefused, PkceRefused) as fault:
        raise _invalid(fault, destination) from fault


def _invalid(fault: Fault, destination: Destination) -> SentToClient:
    return SentToClient("invalid_request", fault.description, detail=fault.detail, destination=destination)


def destination_of(parameters: Parameters, redirect_uri: str, client: Client) -> Destination:
    """Where to send a fault: ``state`` and ``response_mode`` count only where they are sound themselves."""
    state, mode = parameters.get_if_sound("state"), parameters.get_if_sound("response_mode")
    if state is not None and (len(state) > LONGEST_STATE or not is_printable(state)):
        state = None
    return Destination(
        redirect_uri=redirect_uri,
        state=state,
        response_mode=mode if mode in RESPONSE_MODES and mode else "query",
        client_id=client.client_id,
        signed_with=client.authorization_signed_response_alg,
        poreka_reason=client.poreka_reason,
    )


def outer_and_inner_sound(outer: Parameters, inner: Parameters) -> None:
    """No parameter is repeated or oversized, be it one we know or not (RFC 6749 §3.1)."""
    outer.check()
    inner.check()


def pushed_if_it_must_be(client: Client, *, pushed: bool) -> None:
    """A ``fapi2`` client has to push (RFC 9126 §5, FAPI 2.0 Security Profile §5.3.2.2)."""
    if client.rules.pushed_only and not pushed:
        raise SentToClient(
            "invalid_request", f"This client must use pushed authorization requests. {registered(client, 'profile')}"
        )

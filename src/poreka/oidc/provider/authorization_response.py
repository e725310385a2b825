"""The answer to an authorization request, as parameters and as an address to send the browser to.

Every answer, good or bad, says who gives it (``iss``, RFC 9207), which is what stops a mix-up of providers.
For ``form_post`` the parameters are put into a page; that page is not here. In the JWT response modes one signed
token holds them all. Read next: ``authorization_code``. RFC 6749 §4.1.2, OpenID Connect Core §3.1.2.5–3.1.2.6,
JWT Secured Authorization Response Mode (JARM).
"""

from typing import Literal
from urllib.parse import urlencode

from poreka.oidc.errors import Destination, SentToClient
from poreka.oidc.jose import sign
from poreka.oidc.keys import SigningKey

RESPONSE_LIFE = 300
"""Seconds a signed answer may travel; JARM §2.1 advises ten minutes at most."""

Reason = Literal["cancelled", "refused", "aborted", "expired"]

REASONS: dict[Reason, str] = {
    "cancelled": "The person cancelled.",
    "refused": "The request was refused.",
    "aborted": "The sign-in was broken off.",
    "expired": "The sign-in was not finished in time.",
}


Need = Literal["sign_in", "consent", "another_factor"]

SILENT_ERRORS: dict[Need, tuple[str, str]] = {
    "sign_in": ("login_required", "The person is not signed in, or has to sign in again."),
    "consent": ("consent_required", "The person has not agreed yet."),
    "another_factor": ("interaction_required", "The person has to confirm with a further factor."),
}


def success_parameters(destination: Destination, code: str, issuer: str) -> dict[str, str]:
    """``code``, ``state`` and ``iss``."""
    return _with_state({"code": code}, destination, issuer)


def error_parameters(fault: SentToClient, destination: Destination, issuer: str) -> dict[str, str]:
    """The error, its public description, ``state``, ``iss``, and ``poreka_reason`` where the client wants to know."""
    told = {"error": fault.error, "error_description": fault.description}
    if fault.poreka_reason is not None and destination.poreka_reason:
        told["poreka_reason"] = fault.poreka_reason
    return _with_state(told, destination, issuer)


def access_denied(reason: Reason) -> SentToClient:
    """The one error for every end without a release: a client learns how it ended, never why."""
    return SentToClient("access_denied", REASONS[reason], poreka_reason=reason)


def requirements_unmet() -> SentToClient:
    """The level that is asked for cannot be reached here (RFC 9470 §5)."""
    return SentToClient("unmet_authentication_requirements", "The person cannot sign in at the level asked for.")


def not_without_asking(need: Need) -> SentToClient:
    """``prompt=none``: what the person would be asked becomes the error that names it (Core §3.1.2.6)."""
    return SentToClient(*SILENT_ERRORS[need])


def is_signed(destination: Destination) -> bool:
    """Whether the answer is to be signed (JARM §2.3)."""
    return destination.response_mode.endswith("jwt")


def is_posted(destination: Destination) -> bool:
    """Whether the answer travels in a form instead of the address."""
    return destination.response_mode.startswith("form_post")


def signed_response(
    parameters: dict[str, str], destination: Destination, *, issuer: str, key: SigningKey, now: int
) -> dict[str, str]:
    """The one parameter ``response``: the answer as a JWT for this client (JARM §2.1)."""
    claims = {**parameters, "iss": issuer, "aud": destination.client_id, "iat": now, "exp": now + RESPONSE_LIFE}
    return {"response": sign(claims, key)}


def redirect_address(destination: Destination, parameters: dict[str, str]) -> str:
    """The registered address with the answer in its query; a query that was registered stays (RFC 6749
    §3.1.2).
    """
    joint = "&" if "?" in destination.redirect_uri else "?"
    return f"{destination.redirect_uri}{joint}{urlencode(parameters)}"


def _with_state(parameters: dict[str, str], destination: Destination, issuer: str) -> dict[str, str]:
    if destination.state is not None:
        parameters["state"] = destination.state
    parameters["iss"] = issuer
    return parameters

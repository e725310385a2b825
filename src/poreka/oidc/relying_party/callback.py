"""The browser is back: is this the answer to our question, from the provider we asked?

`check_callback` is the whole of it, its steps in the order that matters: nothing the answer says, not even
that there was an error, is believed before `state` and `iss` show whose answer it is (RFC 9700 section 4.4,
mix-up). The pending sign-in must have been found by the browser's own session: that is the caller's part of
the defence against sign-in forgery. A code is not yet anything: `token.py` comes next.
"""

from collections.abc import Sequence
from hmac import compare_digest
from typing import Literal

import msgspec

from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.relying_party.authorization import PendingSignIn, secret_hash
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata

_UNASKED = ("response", "id_token", "access_token", "token_type")

Reason = Literal["cancelled", "refused", "aborted", "expired"]
_REASONS: dict[str | None, Reason] = {
    "cancelled": "cancelled",
    "refused": "refused",
    "aborted": "aborted",
    "expired": "expired",
}


class Code(Discreet, frozen=True, kw_only=True):
    """An authorisation code from the provider we asked, in answer to this very request."""

    code: str


class ProviderSaidNo(msgspec.Struct, frozen=True, kw_only=True):
    """The provider answers in due form that there will be no sign-in.

    `description` is the provider's text, shortened: for the log only, never for a page. `reason` is there
    when the provider tells cancelling from refusing, as an extension.
    """

    error: str
    description: str
    reason: Reason | None


def check_callback(
    pending: PendingSignIn, metadata: ProviderMetadata, parameters: Sequence[tuple[str, str]], now: int
) -> Code | ProviderSaidNo:
    """Check an authorisation response: OAuth 2.0 (RFC 6749 section 4.1.2), RFC 9207, OpenID Connect Core
    3.1.2.7.
    """
    values = _read(parameters)
    _check_state(pending, values)
    _check_in_time(pending, now)
    _check_issuer(pending, metadata, values)
    _check_nothing_unasked(values)
    error = values.get("error")
    return _code(values) if error is None else _no(error, values)


def _read(parameters: Sequence[tuple[str, str]]) -> Parameters:
    try:
        values = Parameters.of_pairs(parameters)
        values.check()
    except ParameterRefused as refused:
        raise ProviderFault("callback", refused.description, refused.detail) from refused
    return values


def _check_state(pending: PendingSignIn, values: Parameters) -> None:
    if not compare_digest(secret_hash(values.get("state") or ""), pending.state_hash):
        raise StrayCallback("state", "The answer does not belong to the sign-in begun here.", "state missing or other")


def _check_in_time(pending: PendingSignIn, now: int) -> None:
    if now >= pending.expires_at:
        raise StrayCallback("late", "The sign-in took too long.")


def _check_issuer(pending: PendingSignIn, metadata: ProviderMetadata, values: Parameters) -> None:
    """RFC 9207, section 2.4: compared whenever present, required when the provider promises it."""
    if metadata.issuer != pending.issuer:
        raise ProviderFault("issuer", "The answer came from another provider.", "metadata is of another issuer")
    issuer = values.get("iss")
    if issuer is None:
        if metadata.authorization_response_iss_parameter_supported:
            raise ProviderFault("issuer", "The answer does not say which provider it comes from.", "iss is missing")
    elif not compare_digest(issuer.encode(), pending.issuer.encode()):
        raise ProviderFault("issuer", "The answer came from another provider.", "iss differs")


def _check_nothing_unasked(values: Parameters) -> None:
    """We asked for a code and nothing else; a token in a browser's address would be someone else's idea."""
    unasked = [name for name in _UNASKED if name in values]
    if unasked:
        raise ProviderFault("callback", "The answer has something we did not ask for.", ", ".join(unasked))


def _no(error: str, values: Parameters) -> ProviderSaidNo:
    if "code" in values:
        raise ProviderFault("callback", "The answer says yes and no at once.", "error and code")
    return ProviderSaidNo(
        error=_printable(error, 64),
        description=_printable(values.get("error_description") or "", 200),
        reason=_REASONS.get(values.get("poreka_reason")),
    )


def _code(values: Parameters) -> Code:
    code = values.get("code") or ""
    if not code or any(not " " <= letter <= "~" for letter in code):
        raise ProviderFault("callback", "The answer has no usable code.")
    return Code(code=code)


def _printable(text: str, longest: int) -> str:
    return "".join(letter for letter in text[:longest] if " " <= letter <= "~")

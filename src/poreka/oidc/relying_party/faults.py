"""How the relying side says that something a peer sent cannot be believed.

Three faults, told apart by whose they are, because the person is told different things: the provider's own
answer is wrong (`ProviderFault`), the browser brought something that answers no question of ours
(`StrayCallback`), or somebody asked us to start a sign-in we do not offer (`LoginRequestRefused`). `kind`
says at which step, for the log and the page.

`poreka.oidc.errors.KeyUnknown` passes through as it is: it asks the driver to fetch the provider's keys
once more. A provider that says "no" in due form is not a fault: that is a value, `callback.ProviderSaidNo`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from poreka.oidc.errors import Fault, KeyUnknown, TokenRefused

FaultKind = Literal[
    "discovery",
    "keys",
    "unsupported",
    "pushed_request",
    "backchannel_answer",
    "issuer",
    "callback",
    "token_answer",
    "id_token",
    "auth_time",
    "level",
    "userinfo",
    "logout_token",
    "signature",
]


class ProviderFault(Fault):
    """The provider's answer breaks the protocol, or is not the provider's at all."""

    def __init__(self, kind: FaultKind, description: str, detail: str = "") -> None:
        super().__init__(description, detail=detail)
        self.kind: FaultKind = kind


class ProviderBusy(ProviderFault):
    """The provider takes no request now and says after how many seconds to come back."""

    def __init__(self, kind: FaultKind, description: str, retry_seconds: int) -> None:
        super().__init__(kind, description, f"come back in {retry_seconds} s")
        self.retry_seconds = retry_seconds


class StrayCallback(Fault):
    """The browser came back with an answer that does not belong to a sign-in begun here, or came too late."""

    def __init__(self, kind: Literal["state", "late"], description: str, detail: str = "") -> None:
        super().__init__(description, detail=detail)
        self.kind = kind


class LoginRequestRefused(Fault):
    """A third party asked us to start a sign-in with an unknown provider or towards a foreign page."""


@contextmanager
def told_of(kind: FaultKind) -> Iterator[None]:
    """Within this block a token that is refused is the provider's fault; an unknown key stays what it is."""
    try:
        yield
    except KeyUnknown:
        raise
    except TokenRefused as refused:
        raise ProviderFault(kind, refused.description, refused.detail) from refused

"""The tables `[letters]` and `[push]` of a bank's settings: how code cards are printed and its own app is asked.

`poreka/settings.py` reads the file; what is built of it: `running/senders.py`.
"""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from poreka.rules.authorising.push_request import PushLimits

LONGEST_SECONDS = 10


class Letters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How letters leave, such as a new code card; `demo_phone` is the demonstration's and needs `demo = true`."""

    sender: Literal["demo_phone", "folder"] = "demo_phone"
    folder: str = ""  # where the printer takes them from; a relative path leads from the settings file

    def __post_init__(self) -> None:
        if (self.sender == "folder") != bool(self.folder):
            raise ValueError('letters.folder: goes together with letters.sender = "folder"')


class Push(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How requests reach the bank's own app; `demo_phone` is the demonstration's and needs `demo = true`.

    With `http` they are sent to the app's back end, which answers at `/app/requests/…`:
    docs/app-requests.openapi.yaml is the contract.
    """

    app_name: str = ""  # what people know the app as; empty: as the system itself
    sender: Literal["demo_phone", "http"] = "demo_phone"
    url: str = ""  # http: where the app's back end takes requests
    token_file: str = ""  # http: one line, sent as a bearer token
    answers_secret_file: str = ""  # http: one line, at least 32 characters; with it the back end answers us
    seconds: int = 5  # http: how long the back end may take to accept a request
    life_seconds: int = 120  # within which the person answers, from the moment the request is made
    refusals: int = 2  # in a row, then a pause
    unanswered: int = 3  # in a row, then a pause
    pause_minutes: int = 15

    def __post_init__(self) -> None:
        if self.sender == "http" and not (self.token_file and self.answers_secret_file):
            raise ValueError('push.token_file: goes, as answers_secret_file does, together with push.sender = "http"')
        if not 0 < self.seconds <= LONGEST_SECONDS:
            raise ValueError("push.seconds: must be a number from 1 to 10")
        if not 30 <= self.life_seconds <= 300:
            raise ValueError("push.life_seconds: must be a number from 30 to 300")
        if not (0 < self.refusals <= 5 and 0 < self.unanswered <= 10 and self.pause_minutes > 0):
            raise ValueError("push.refusals: must be 1 to 5, unanswered 1 to 10, and pause_minutes at least 1")

    @property
    def limits(self) -> PushLimits:
        """The limits as `rules.authorising.push_request` takes them."""
        return PushLimits(
            life=self.life_seconds,
            refusals=self.refusals,
            unanswered=self.unanswered,
            pause=self.pause_minutes * 60,
        )


def push_address_faults(push: Push, near: frozenset[str]) -> Iterator[str]:
    """What is wrong with where requests are sent; `near` are the hosts spoken to without encryption."""
    if push.sender != "http":
        return
    parts = urlsplit(push.url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment or "@" in parts.netloc:
        yield "push.url: must be an address like https://app.bank.example/requests"
    elif parts.scheme == "http" and parts.hostname not in near:
        yield "push.url: must be https, unless its host is this machine or in system.private_hosts"

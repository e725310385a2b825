"""The tables `[letters]` and `[push]` of a bank's settings: how code cards are printed and its own app is asked.

`poreka/settings.py` reads the file; what is built of it: `running/senders.py`.
"""

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from poreka.rules.authorising.push_request import PushLimits

LONGEST_SECONDS = 10


class Letters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How letters leave, such as a new code card; `demo_phone` is the demonstration's and needs `demo = true`."""

    sender: Literal["demo_phone", "folder"] = "demo_phone"
    folder: str = ""  # where the printer takes them from; a relative path leads from the settings file


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

    @property
    def limits(self) -> PushLimits:
        """The limits as `rules.authorising.push_request` takes them."""
        return PushLimits(
            life=self.life_seconds,
            refusals=self.refusals,
            unanswered=self.unanswered,
            pause=self.pause_minutes * 60,
        )


def letter_faults(letters: Letters) -> list[str]:
    """What the types cannot say, as `key: what is wrong`."""
    if (letters.sender == "folder") != bool(letters.folder):
        return ['letters.folder: goes together with letters.sender = "folder"']
    return []


def push_faults(push: Push, near: frozenset[str]) -> list[str]:
    """What the types cannot say, as `key: what is wrong`; `near` are the hosts spoken to without encryption."""
    faults = []
    if push.sender == "http":
        parts = urlsplit(push.url)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment or "@" in parts.netloc:
            faults.append("push.url: must be an address like https://app.bank.example/requests")
        elif parts.scheme == "http" and parts.hostname not in near:
            faults.append("push.url: must be https, unless its host is this machine or in system.private_hosts")
        if not push.token_file or not push.answers_secret_file:
            faults.append('push.token_file: goes, as answers_secret_file does, together with push.sender = "http"')
    if not 0 < push.seconds <= LONGEST_SECONDS:
        faults.append("push.seconds: must be a number from 1 to 10")
    if not 30 <= push.life_seconds <= 300:
        faults.append("push.life_seconds: must be a number from 30 to 300")
    if not (0 < push.refusals <= 5 and 0 < push.unanswered <= 10 and push.pause_minutes > 0):
        faults.append("push.refusals: must be 1 to 5, unanswered 1 to 10, and pause_minutes at least 1")
    return faults

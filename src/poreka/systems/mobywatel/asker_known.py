"""The providers that the phone app answers to, each by a secret; what they ask: docs/app-requests.openapi.yaml.

Read next: `asker_over_http.py`, by which they are answered.
"""

from dataclasses import dataclass, field

from poreka.systems.mobywatel.asker_over_http import PhoneApp


@dataclass(frozen=True, slots=True, kw_only=True)
class AskerKnown:
    """A provider whose push requests the app shows: how it proves itself, and how it is answered."""

    key: str
    name: str
    token: str = field(repr=False)
    answers: PhoneApp
    enrols: bool = True  # False for the app's own back end, which is asked about its people like any provider

"""Asking people in a provider's app without a browser: what a provider has that offers it (OpenID CIBA Core 1.0).

Asked in `provider/endpoints`, fetched at the token endpoint; a provider that does not has no such part.
"""

from dataclasses import dataclass
from typing import Protocol

from poreka.provider.store.backchannel_requests import BackchannelRequests
from poreka.rules.people.pesel import Pesel


class Known(Protocol):
    """Somebody whom a provider vouches for."""

    @property
    def id(self) -> str: ...


class PeopleByPesel(Protocol):
    """Whoever knows the provider's people by their PESEL."""

    async def valid_of(self, pesel: Pesel) -> Known | None:
        """The person for whom the provider vouches now; None where there is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Backchannel:
    """The requests of relying parties, and who is meant by a PESEL."""

    requests: BackchannelRequests
    people: PeopleByPesel

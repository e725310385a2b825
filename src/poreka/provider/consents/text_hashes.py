"""The hashes of consent texts that count now, remembered for each client, set of facts and version.

A text is made of the client's registration and of settings and texts that do not change while the process runs, so
one that was made for an equal registration is the same. Making one costs more than all else that is decided for a
customer who returns.
"""

from collections.abc import Callable

from poreka.provider.rules.consent_text import ConsentText, text_hash
from poreka.provider.rules.wish import AskingService
from poreka.rules.people.person import Fact

AT_MOST = 1000


class TextHashes:
    """Those of one provider, in this process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, tuple[Fact, ...], str], tuple[AskingService, frozenset[str]]] = {}

    def of(
        self, client: AskingService, facts: tuple[Fact, ...], version: str, make: Callable[[], tuple[ConsentText, ...]]
    ) -> frozenset[str]:
        """The hashes of the texts that `make` makes for this registration, these facts and this version."""
        name = (client.client_id, facts, version)
        kept = self._kept.get(name)
        if kept is not None and (kept[0] is client or kept[0] == client):
            return kept[1]
        if len(self._kept) >= AT_MOST:
            self._kept.clear()
        made = frozenset(map(text_hash, make()))
        self._kept[name] = (client, made)
        return made

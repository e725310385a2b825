"""Lists of revoked certificates: fetched from where a certificate says, kept while they are in force.

The addresses stand in certificates whose chain was checked before, so trusted authorities wrote them; they are
called through the guarded client all the same. A list is kept once it has proved to be the issuer's and in
force, and an older one never takes a newer one's place, because most come over plain http. After an hour a newer
one is fetched. When none can be had, the kept one counts until its own end; without one `standing` returns
`Revocation.NOT_KNOWN`. What a list says: `systems/portal/rules/revocation_list.py`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import structlog
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate, CertificateRevocationList, load_der_x509_crl

from poreka.oidc.relying_party.exchange import Answer
from poreka.outgoing.back_channel import PeerFault
from poreka.store.deadline import seconds_left
from poreka.systems.portal.rules.revocation_list import Revocation, places_of, revocation_of

LARGEST_LIST = 16 * 1024 * 1024
LOOK_AGAIN_SECONDS = 3600
AFTER_TROUBLE_SECONDS = 15
MOST_LISTS = 32
LONGEST_WAIT = 30.0  # for all lists of a chain, those that others fetch included
log = structlog.get_logger()
Fetch = Callable[[str], Awaitable[Answer]]


@dataclass(slots=True)
class Kept:
    """The list of one issuer's address, and when to fetch it again; `fetching` is held while it is read or fetched."""

    found: CertificateRevocationList | None = None
    look_at: int = 0
    fetching: asyncio.Lock = field(default_factory=asyncio.Lock)


class RevocationLists:
    """The lists that this process has seen; `fetch` is the guarded client's."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: OrderedDict[tuple[str, bytes], Kept] = OrderedDict()

    async def standing(self, chain: Sequence[Certificate], now: int) -> Revocation:
        """`GOOD` when all certificates of a checked chain below the trusted one are; else what the first other is."""
        try:
            async with asyncio.timeout(seconds_left(LONGEST_WAIT)):
                for certificate, issuer in pairwise(chain):
                    revocation = await self._revocation(certificate, issuer, now)
                    if revocation is not Revocation.GOOD:
                        return revocation
        except TimeoutError:
            return Revocation.NOT_KNOWN
        return Revocation.GOOD

    async def _revocation(self, certificate: Certificate, issuer: Certificate, now: int) -> Revocation:
        """What the first usable list says, of those at the addresses that the certificate names."""
        for place in places_of(certificate):
            kept = self._at(place, issuer)
            async with kept.fetching:
                revocation = _by_list(certificate, issuer, kept.found, now)
                if now >= kept.look_at:
                    revocation = await self._look_again(place, kept, certificate, issuer, now)
            if revocation is not Revocation.NOT_KNOWN:
                return revocation
        return Revocation.NOT_KNOWN

    async def _look_again(
        self, place: str, kept: Kept, certificate: Certificate, issuer: Certificate, now: int
    ) -> Revocation:
        """Fetch the list, keep it unless it is unusable or older than the kept one, and say what the kept one says."""
        fetched = await self._fetched(place)
        revocation = _by_list(certificate, issuer, fetched, now)
        older = fetched is None or (kept.found is not None and fetched.last_update_utc < kept.found.last_update_utc)
        if fetched is None or older or revocation is Revocation.NOT_KNOWN:
            kept.look_at = now + AFTER_TROUBLE_SECONDS
            return _by_list(certificate, issuer, kept.found, now)
        end = int(fetched.next_update_utc.timestamp()) if fetched.next_update_utc else now
        kept.found = fetched
        kept.look_at = max(now + AFTER_TROUBLE_SECONDS, min(now + LOOK_AGAIN_SECONDS, end))
        return revocation

    async def _fetched(self, place: str) -> CertificateRevocationList | None:
        """The list at an address, not judged yet; None, and a line in the log, when it cannot be fetched or read."""
        try:
            answer = await self._fetch(place)
            if answer.status == 200:
                return load_der_x509_crl(answer.body)
            trouble = f"status {answer.status}"
        except (PeerFault, ValueError) as fault:
            trouble = f"{type(fault).__name__}: {fault}"
        log.warning("list of revoked certificates not to be had", place=place, trouble=trouble)
        return None

    def _at(self, place: str, issuer: Certificate) -> Kept:
        """The `Kept` of an issuer's address, made if there is none; beyond `MOST_LISTS` the longest unused one goes."""
        name = (place, issuer.fingerprint(SHA256()))
        kept = self._kept.setdefault(name, Kept())
        self._kept.move_to_end(name)
        if len(self._kept) > MOST_LISTS:
            self._kept.popitem(last=False)
        return kept


def _by_list(
    certificate: Certificate, issuer: Certificate, found: CertificateRevocationList | None, now: int
) -> Revocation:
    return Revocation.NOT_KNOWN if found is None else revocation_of(certificate, issuer, found, now)

"""Lists of revoked certificates: fetched from where a certificate says, kept while they are in force.

The addresses stand in certificates whose chain was checked before, so trusted authorities wrote them; they are
called through the guarded client all the same. A list is kept once it has proved to be the issuer's and in
force, and an older one never takes a newer one's place, because most come over plain http. After an hour a newer
one is looked for. When none can be had, the kept one counts until its own end; without one nobody knows whether
the certificate is good, and that is the answer. What a list says: `systems/portal/rules/revocation_list.py`.
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
    """What is known of one address, and when to look there again; who waits for `fetching` waits for a newer one."""

    found: CertificateRevocationList | None = None
    look_at: int = 0
    fetching: asyncio.Lock = field(default_factory=asyncio.Lock)


class RevocationLists:
    """The lists that this process has seen; `fetch` is the guarded client's."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: OrderedDict[tuple[str, bytes], Kept] = OrderedDict()

    async def standing(self, chain: Sequence[Certificate], now: int) -> Revocation:
        """Whether all certificates of a checked chain, below the trusted one, are known to be good."""
        try:
            async with asyncio.timeout(seconds_left(LONGEST_WAIT)):
                for certificate, issuer in pairwise(chain):
                    said = await self._said_of(certificate, issuer, now)
                    if said is not Revocation.GOOD:
                        return said
        except TimeoutError:
            return Revocation.NOT_KNOWN
        return Revocation.GOOD

    async def _said_of(self, certificate: Certificate, issuer: Certificate, now: int) -> Revocation:
        for place in places_of(certificate):
            kept = self._at(place, issuer)
            async with kept.fetching:
                said = _said(certificate, issuer, kept.found, now)
                if now >= kept.look_at:
                    said = await self._look_again(place, kept, certificate, issuer, now)
            if said is not Revocation.NOT_KNOWN:
                return said
        return Revocation.NOT_KNOWN

    async def _look_again(
        self, place: str, kept: Kept, certificate: Certificate, issuer: Certificate, now: int
    ) -> Revocation:
        newer = await self._fetched(place)
        said = _said(certificate, issuer, newer, now)
        older = newer is None or (kept.found is not None and newer.last_update_utc < kept.found.last_update_utc)
        if newer is None or older or said is Revocation.NOT_KNOWN:
            kept.look_at = now + AFTER_TROUBLE_SECONDS
            return _said(certificate, issuer, kept.found, now)
        end = int(newer.next_update_utc.timestamp()) if newer.next_update_utc else now
        kept.found = newer
        kept.look_at = max(now + AFTER_TROUBLE_SECONDS, min(now + LOOK_AGAIN_SECONDS, end))
        return said

    async def _fetched(self, place: str) -> CertificateRevocationList | None:
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
        """What is kept of an issuer's address; the one that nobody has asked for the longest makes room."""
        name = (place, issuer.fingerprint(SHA256()))
        kept = self._kept.setdefault(name, Kept())
        self._kept.move_to_end(name)
        if len(self._kept) > MOST_LISTS:
            self._kept.popitem(last=False)
        return kept


def _said(
    certificate: Certificate, issuer: Certificate, found: CertificateRevocationList | None, now: int
) -> Revocation:
    return Revocation.NOT_KNOWN if found is None else revocation_of(certificate, issuer, found, now)

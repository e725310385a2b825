"""The system's own signing keys in use: kept in the store, rotated by plan, read again each minute.

Keys that sign no more are kept by their public half where the system signs something that must last.
Every worker reads the same rows, so all sign with the same current key and publish the same set.
What to do when is `oidc/lasting/key_rotation.py`; making a key is here because it needs randomness.
Turning them by hand is `poreka keys rotate`.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
from joserfc.jwk import ECKey, OKPKey, RSAKey

from poreka.audit.events import KeysRotated
from poreka.audit.record import AuditLog
from poreka.oidc.keys import KeySet, SigningKey
from poreka.oidc.lasting.key_rotation import MakeKey, Promote, Remove, Retire, RotatingKey, Step, plan
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.store.past_keys import PastKey, PastKeys
from poreka.store.signing_keys import SigningKeys, StoredKey

READ_EVERY_SECONDS = 60.0
_RSA_BITS = 3072


class NoSigningKey(Exception):
    """There is no key for this algorithm: the system does not sign by it, or `refresh` was never called."""


class KeyRing:
    """The keys of one system for the algorithms it signs by."""

    def __init__(
        self,
        store: SigningKeys,
        audit: AuditLog,
        clock: Callable[[], int],
        algorithms: Sequence[str],
        past: PastKeys | None = None,
    ) -> None:
        self._store, self._audit, self._clock, self._past = store, audit, clock, past
        self.algorithms = tuple(algorithms)
        self._signing: dict[str, SigningKey] = {}
        self._imported: dict[str, SigningKey] = {}
        self._published = KeySet(())
        self._read_at = 0.0

    @property
    def published(self) -> KeySet:
        """Everything that verifies what this system signed: the JWKS."""
        return self._published

    def signing(self, algorithm: str) -> SigningKey:
        """The key to sign with now; raises `NoSigningKey`."""
        try:
            return self._signing[algorithm]
        except KeyError:
            raise NoSigningKey(algorithm) from None

    async def refresh(self) -> None:
        """Carry out the steps of the rotation plan and read the keys, unless that was done within the last minute."""
        if time.monotonic() - self._read_at < READ_EVERY_SECONDS:
            return
        self._read_at = time.monotonic()
        stored = await self._store.all()
        for algorithm in self.algorithms:
            for step in plan([_rotating(key) for key in stored], algorithm, self._clock()):
                await self.carry_out((step,))
        self._take(await self._store.all())

    async def rotate_now(self) -> list[str]:
        """Retire each current key as leaked, put a new one in its place at once, and return the new names."""
        stored, new_names = await self._store.all(), list[str]()
        for algorithm in self.algorithms:
            current = [key for key in stored if key.algorithm == algorithm and key.state == "current"]
            retire = tuple(Retire(key.kid, leaked=True) for key in current)
            new_names += await self.carry_out((*retire, MakeKey(algorithm, "current")))
        self._take(await self._store.all())
        return new_names

    async def carry_out(self, steps: tuple[Step, ...]) -> list[str]:
        """Do some steps in one transaction; returns the names of the keys that they made.

        Of two workers that do the same steps, one succeeds; the other changes nothing and returns no names.
        """
        made = [await asyncio.to_thread(_make, step.algorithm) for step in steps if isinstance(step, MakeKey)]
        unused = iter(made)
        try:
            async with self._audit.transaction() as (transaction, record):
                for step in steps:
                    kid = await self._do(transaction, step, unused)
                    await record(KeysRotated(person_id=None, kid=kid))
        except (AlreadyThere, Stale):
            return []
        return [key.kid for key in made]

    async def _do(self, transaction: Transaction, step: Step, unused: Iterator[SigningKey]) -> str:
        """Do one step, with the next of the `unused` keys where it makes one; returns the name of the step's key."""
        now = self._clock()
        match step:
            case MakeKey(algorithm, state):
                key = next(unused)
                jwk = msgspec.json.encode(key.private_jwk)
                stored = StoredKey(kid=key.kid, algorithm=algorithm, private_jwk=jwk, state=state, since=now)
                await transaction.insert(self._store.adding(stored))
                return key.kid
            case Promote(kid):
                await self._store.move(transaction, kid, "next", "current", now)
                return kid
            case Retire(kid, leaked):
                await self._keep_public_half(transaction, kid, now, leaked=leaked)
                await self._store.move(transaction, kid, "current", "retired", now)
                return kid
            case Remove(kid):
                await self._store.remove(transaction, kid)
                return kid

    async def _keep_public_half(self, transaction: Transaction, kid: str, now: int, *, leaked: bool) -> None:
        """Keep a retired key's public half where past keys are kept, so that what it signed can still be verified."""
        stored = await self._store.load(kid, transaction) if self._past else None
        if self._past is None or stored is None:
            return
        key = SigningKey.of_jwk(msgspec.json.decode(stored.private_jwk))
        past = PastKey(
            kid=kid,
            algorithm=stored.algorithm,
            public_jwk=key.public_jwk,
            used_from=stored.since,
            used_until=now,
            leaked_at=now if leaked else None,
        )
        await transaction.insert(self._past.adding(past))

    def _take(self, stored: list[StoredKey]) -> None:
        """Sign with the current keys among `stored` and publish all of them; import only those not seen before."""
        known = self._imported
        keys = {
            key.kid: known.get(key.kid) or SigningKey.of_jwk(msgspec.json.decode(key.private_jwk), made_here=True)
            for key in stored
        }
        self._imported = keys
        self._signing = {key.algorithm: keys[key.kid] for key in stored if key.state == "current"}
        self._published = KeySet(key.verification() for key in keys.values())


def _rotating(key: StoredKey) -> RotatingKey:
    return RotatingKey(kid=key.kid, algorithm=key.algorithm, state=key.state, since=key.since)


def _make(algorithm: str) -> SigningKey:
    match algorithm:
        case "ES256":
            jwk = ECKey.generate_key("P-256", private=True).as_dict(private=True)
        case "EdDSA":
            jwk = OKPKey.generate_key("Ed25519", private=True).as_dict(private=True)
        case "PS256" | "RS256":
            jwk = RSAKey.generate_key(_RSA_BITS, private=True).as_dict(private=True)
        case _:
            raise NoSigningKey(algorithm)
    return SigningKey.of_jwk({**jwk, "alg": algorithm})

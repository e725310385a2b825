"""How many password hashes are computed: what a stranger could otherwise learn with a stop watch.

A timed test would be flaky and would prove little; the one thing here that takes long enough to be seen from
outside is argon2, so its computations are counted instead.
"""

from argon2 import PasswordHasher


class NotedHashes:
    """Notes the hash of every comparison while it is entered; `made` counts those computed anew."""

    def __init__(self) -> None:
        self.hashes: list[str] = []
        self._verify, self._hash = PasswordHasher.verify, PasswordHasher.hash

    def __enter__(self) -> "NotedHashes":
        verify, make = self._verify, self._hash

        def noting_verify(hasher: PasswordHasher, stored: str, password: str) -> bool:
            self.hashes.append(stored)
            return bool(verify(hasher, stored, password))

        def noting_hash(hasher: PasswordHasher, password: str) -> str:
            self.hashes.append("made")
            return str(make(hasher, password))

        PasswordHasher.verify, PasswordHasher.hash = noting_verify, noting_hash  # type: ignore[method-assign,assignment]
        return self

    def __exit__(self, *_: object) -> None:
        PasswordHasher.verify, PasswordHasher.hash = self._verify, self._hash  # type: ignore[method-assign]


def noted() -> NotedHashes:
    """A fresh note of what is computed."""
    return NotedHashes()

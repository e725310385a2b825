"""The PIN of a bound device, hashed: argon2id over the PIN together with the secret that only the device holds.

Whoever has the database without the device can try nothing, and whoever has the device has five tries
(`contracts/binding.py`). As the secret changes with every opening, so does the hash.
"""

from poreka.systems.mojeikp.system import Mojeikp


async def pin_hash(app: Mojeikp, secret: str, pin: str) -> str:
    """What is kept of a PIN for this secret."""
    return await app.passwords.hash(_together(secret, pin))


async def is_right(app: Mojeikp, stored: str | None, secret: str, pin: str) -> bool:
    """Whether it is the PIN of the device that holds this secret."""
    return await app.passwords.matches(stored, _together(secret, pin))


def _together(secret: str, pin: str) -> str:
    return f"{secret}:{pin}"

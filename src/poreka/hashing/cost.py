"""What hashing a password costs on this machine, and which argon2 computes it: said by `poreka config check`.

`./run` builds argon2 for the machine it runs on where there is a compiler; packages from an index are built for any
processor and take about twice as long. Both make the same hashes.
"""

import time
from importlib import metadata

from poreka.hashing.hashing import hashed

PASSWORDS = 5
READY_MADE = "argon2 is the ready-made one, which takes about twice as long as one that is built here (./run does it)"


def hashing_cost() -> str:
    """For example `11 ms of a core each; argon2 was built here`."""
    began = time.thread_time()
    for _ in range(PASSWORDS):
        hashed("what a password costs")
    milliseconds = (time.thread_time() - began) / PASSWORDS * 1000
    return f"{milliseconds:.0f} ms of a core each; {'argon2 was built here' if built_here() else READY_MADE}"


def built_here() -> bool:
    """True where argon2 was compiled on this kind of Linux; an index's wheel is tagged by a standard, `manylinux`."""
    tags = metadata.distribution("argon2-cffi-bindings").read_text("WHEEL") or ""
    return any("-linux_" in line for line in tags.splitlines())

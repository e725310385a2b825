"""How a command ends: 0 done; 1 it could not be done, or something was found; 2 the command line is wrong.

What was wrong is a sentence on stderr that names the file, line or key at fault.
"""

import sys
from typing import NoReturn

FAILED = 1
WRONG_USAGE = 2


def stop(message: str, code: int = FAILED) -> NoReturn:
    """Say why on stderr, and end."""
    print(f"poreka: {message}", file=sys.stderr)
    sys.exit(code)

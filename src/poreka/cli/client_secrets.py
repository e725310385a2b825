"""`poreka client rotate`, and showing a secret: it is printed once and kept nowhere.

The first secret of a client comes with its registration (`clients.py`). How secrets are made and replaced:
`provider/client_secrets.py`, `provider/client_roll.py`.
"""

import sys
from pathlib import Path
from typing import Annotated

import cyclopts

from poreka.cli.opened import with_system
from poreka.kinds import KINDS
from poreka.provider.client_roll import ClientHasNoSecret, NoSuchClient, client_roll
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation

PROVIDERS = tuple(kind.name for kind in KINDS if kind.vouches)
OVERLAP_DAYS, LONGEST_OVERLAP_DAYS = 7, 90


def rotate_secret(
    file: Path,
    client_id: str,
    /,
    *,
    days: Annotated[int, cyclopts.Parameter(validator=cyclopts.validators.Number(gte=0, lte=LONGEST_OVERLAP_DAYS))] = (
        OVERLAP_DAYS
    ),
) -> None:
    """Make a new secret for a relying party; for some days the present one is as good.

    Both work within five seconds. A secret from an earlier rotation ends at once.

    Parameters
    ----------
    file
        The provider's settings file.
    client_id
        The registration's client_id.
    days
        For how many days the present secret works on: 0 ends it at once, as for one that leaked.
    """

    async def rotate(base: Foundation) -> None:
        try:
            made = await client_roll(base).rotate_secret(client_id, days)
        except NoSuchClient:
            raise Failed(f"no relying party {client_id!r} is registered") from None
        except ClientHasNoSecret as other:
            raise Failed(f"{client_id!r} has no secret: it is registered with {other}") from None
        print(f"rotated  {client_id}")
        show_secret(made.secret)
        ends = f"works until {warsaw_moment(made.former_until).isoformat(' ', 'minutes')}" if days else "has ended"
        print(f"The secret before it {ends}.", file=sys.stderr)

    with_system(file, rotate, *PROVIDERS)


def show_secret(secret: str | None) -> None:
    """Print it, this once."""
    if secret:
        print(f"client_secret  {secret}")
        print("It is shown this once only: keep it safe.", file=sys.stderr)

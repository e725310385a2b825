"""Whom an operator means: by customer number, login or user name, or by a PESEL that is asked for.

A PESEL is read from the standard input or typed unseen, so that it stands in no shell's history. Where customers are in
another system, and at a patient account's app, which knows no PESEL, the id that the other system uses is given.
"""

import getpass
import sys

from poreka.rules.people.pesel import Pesel, PeselFault, read_pesel
from poreka.running.failed import Failed
from poreka.web.system import SearchNotOffered, System


def asked_pesel() -> Pesel:
    """The PESEL that is typed or piped in; raises `Failed`."""
    typed = getpass.getpass("PESEL: ") if sys.stdin.isatty() else sys.stdin.readline()
    pesel = read_pesel(typed.strip()[:64])
    if isinstance(pesel, PeselFault):
        raise Failed("the PESEL is none: eleven digits with the right check digit")
    return pesel


async def person_meant(system: System, name: str | None) -> str:
    """The id of the person in this system; raises `Failed`."""
    return await (_of_pesel(system, asked_pesel()) if name is None else _named(system, name))


async def _named(system: System, name: str) -> str:
    try:
        found = await system.person_named(name)
    except SearchNotOffered:
        raise Failed("people have no numbers or names here; leave it out, and a PESEL is asked for") from None
    if found is None:
        raise Failed("there is nobody of this name or number")
    return found


async def _of_pesel(system: System, pesel: Pesel) -> str:
    try:
        found = await system.person_of_pesel(pesel)
    except SearchNotOffered:
        raise Failed("nobody is found by a PESEL here; give the customer number, the login or the account") from None
    if found is None:
        raise Failed("there is nobody with this PESEL")
    return found

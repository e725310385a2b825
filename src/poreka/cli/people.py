"""Whom an operator means: by customer number, login or user name, or by a PESEL that is asked for.

A PESEL is read from the standard input or typed unseen, so that it stands in no shell's history. Where customers are in
another system, and at a patient account's app, which knows no PESEL, the id that the other system uses is given.
"""

import getpass
import sys

from poreka.provider.store.customers import Customers
from poreka.provider.system import Bank
from poreka.rules.people.pesel import Pesel, PeselFault, read_pesel
from poreka.running.failed import Failed
from poreka.systems.desk.system import DeskSystem
from poreka.systems.mobywatel.system import Mobywatel
from poreka.systems.mojeikp.system import Mojeikp
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.systems.portal.system import Portal
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.system import System


def asked_pesel() -> Pesel:
    """The PESEL that is typed or piped in; raises `Failed`."""
    typed = getpass.getpass("PESEL: ") if sys.stdin.isatty() else sys.stdin.readline()
    pesel = read_pesel(typed.strip()[:64])
    if isinstance(pesel, PeselFault):
        raise Failed("the PESEL is none: eleven digits with the right check digit")
    return pesel


async def person_meant(system: System, name: str | None) -> str:
    """The id of the person in this system; raises `Failed`."""
    found = await (_named(system, name) if name is not None else _of_pesel(system, asked_pesel()))
    if found is None:
        raise Failed(
            "there is nobody of this name or number" if name is not None else "there is nobody with this PESEL"
        )
    return found


async def _named(system: System, name: str) -> str | None:
    if isinstance(system, TrustedProfileSystem):
        owned = await system.profiles.named(name)
        return owned.id if owned else None
    if isinstance(system, Portal):
        profile = await system.profiles.by_login(name)
        return profile.id if profile else None
    if isinstance(system, DeskSystem):
        clerk = await system.clerks.by_login(name.strip().lower())
        return clerk.id if clerk else None
    if isinstance(system, Mojeikp):
        return name
    if isinstance(system, Bank) and not isinstance(system, Mobywatel):
        return await _customer(system, name)
    raise Failed("people have no numbers or names here; leave it out, and a PESEL is asked for")


async def _customer(bank: Bank, number: str) -> str | None:
    if bank.settings.customers.source == "own":
        found = await Customers(bank.database, bank.seal, bank.fresh).to_sign_in(number)
        return found[0].id if found else None
    customer = await bank.customers.by_id(number)
    return customer.id if customer else None


async def _of_pesel(system: System, pesel: Pesel) -> str | None:
    if isinstance(system, TrustedProfileSystem):
        owned = await system.profiles.last_of(pesel)
        return owned.id if owned else None
    if isinstance(system, Portal):
        profile = await system.profiles.by_pesel(pesel)
        return profile.id if profile else None
    if isinstance(system, PatientAccountSystem):
        account = await system.accounts.by_pesel(pesel)
        return account.id if account else None
    if isinstance(system, Mobywatel):
        person = await system.people.of_pesel(pesel)
        return person.id if person else None
    raise Failed("nobody is found by a PESEL here; give the customer number, the login or the account")

"""Making a population customers of our bank, in the database itself, fast enough for a million.

Every row is what the real stores write (sealed PESEL, blind index, argon2 hash), only added in large
transactions. All share one password, hashed once: checking it costs the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.population import Person, people
from poreka.hashing.passwords import Passwords
from poreka.oidc.clients.client import Client
from poreka.provider.rules.consent import Consent
from poreka.provider.store.clients import Clients
from poreka.provider.store.consents import ConsentRecord, Consents
from poreka.provider.store.customers import Customers, NewCustomer
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact, PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind
from poreka.running.real_clock import real_clock
from poreka.settings import read_settings
from poreka.store.database import Database, Insert
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState
from poreka.systems.portal.settings import PortalSettings, PortalTable
from poreka.systems.portal.store.profiles import Profile, Profiles

PASSWORD = "pomiar-wydajności-2026"
ROWS_AT_ONCE = 4_000
ROWS_IN_STATEMENT = 40


@dataclass(frozen=True, slots=True)
class Townsperson:
    """A customer as the driver knows them."""

    first_name: str
    surname: str
    number: str
    pesel: str
    phone: str


@dataclass(frozen=True, slots=True)
class Townspeople:
    """The people of a measurement: some have a remembered consent, the others were never there."""

    returning: list[Townsperson]
    first: Iterator[Townsperson]
    by_number: dict[str, Townsperson]


async def settle(file: Path, clients: list[Client], returning: int, total: int) -> Townspeople:
    """Register the clients and make `total` people customers; `returning` of them, spread evenly, were here before."""
    base = await lay(read_settings(file), file.parent, real_clock)
    password_hash = await Passwords().hash(PASSWORD)
    customers, consents = Customers(base.database, base.seal, base.fresh), Consents(base.database)
    await base.database.insert(*(Clients(base.database).adding(client, real_clock()) for client in clients))
    step = total // returning

    def rows() -> Iterator[Insert]:
        for place, person in enumerate(people(total)):
            new = _customer(place, person, password_hash)
            yield customers.adding(new)
            if place % step == 0:
                for client in clients:
                    yield consents.adding(_consent(new.id, client.client_id))

    await add(base.database, rows())
    await base.database.close()
    known = [_townsperson(place, person) for place, person in enumerate(people(total)) if place % step == 0]
    fresh = (_townsperson(place, person) for place, person in enumerate(people(total)) if place % step)
    return Townspeople(known, fresh, {person.number: person for person in known})


async def make_profiles(file: Path, known: list[Townsperson]) -> None:
    """Give the returning people the profile at the portal that their first entry made."""
    settings = read_settings(file)
    base = await lay(settings, file.parent, real_clock)
    profiles = Profiles(base.database, base.seal, base.fresh)
    terms = of_kind(base, PortalSettings).settings.portal
    await add(base.database, (profiles.adding(_profile(base.fresh.id(), one, terms)) for one in known))
    await base.database.close()


async def add(database: Database, rows: Iterator[Insert]) -> int:
    """Add rows in large transactions, some in each statement; returns how many."""
    count = 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        async with database.transaction() as transaction:
            for first in range(0, len(batch), ROWS_IN_STATEMENT):
                await transaction.insert(*batch[first : first + ROWS_IN_STATEMENT])
        count += len(batch)
    return count


def _townsperson(place: int, person: Person) -> Townsperson:
    return Townsperson(person.first_name, person.last_name, person.customer_number, person.pesel, _phone(place))


def _profile(profile_id: str, person: Townsperson, terms: PortalTable) -> Profile:
    rule = PortalProfile(
        facts=PersonFacts(first_name=person.first_name, surname=person.surname, pesel=Pesel(person.pesel)),
        state=ProfileState.TRUSTED,
        terms_version=terms.terms_version if terms else "",
        trusted_by="before the measurement",
        trusted_at=real_clock(),
    )
    return Profile(
        id=profile_id,
        profile=rule,
        email="osoba@poczta.example",
        electronic_information=False,
        created_at=real_clock(),
    )


def _phone(place: int) -> str:
    return f"{500_000_000 + place}"


def _customer(place: int, person: Person, password_hash: str) -> NewCustomer:
    return NewCustomer(
        id=f"p{place:09}",
        number=person.customer_number,
        password_hash=password_hash,
        identifier_kind="pesel",
        identifier=person.pesel,
        first_name=person.first_name,
        surname=person.last_name,
        pesel=person.pesel,
        phone=_phone(place),
    )


def _consent(person_id: str, client_id: str) -> ConsentRecord:
    consent = Consent(
        service=client_id,
        text_version="2026-01",
        facts=tuple(Fact),
        given_at=real_clock(),
        operation_id="before the measurement",
        level=Level.SUBSTANTIAL,
    )
    return ConsentRecord(id=f"{person_id}-{client_id}", person_id=person_id, consent=consent)

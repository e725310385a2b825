"""The demonstration's people: read from the preset, put into the bank, the portal and the register once.

All are invented; the situations are those of `presets/people.toml`. A database that has them already
is left as it is, so that what was tried yesterday is still there today.
"""

import asyncio
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import resources
from typing import Literal

import msgspec

from poreka.rules.eligibility import AccountRole
from poreka.rules.person import PersonFacts
from poreka.rules.pesel import Pesel
from poreka.rules.portal_profile import PortalProfile, ProfileState
from poreka.store.customers import Customers, NewCustomer
from poreka.store.database import AlreadyThere
from poreka.store.insured import Insured, InsuredPerson, InsuredRole
from poreka.store.profiles import Profile
from poreka.web.system import System
from poreka.web.systems import DemoPerson, Portal

PREVIOUS_TERMS = "2025-03"


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person signs in to one system; `identifier` says which one two characters are asked of."""

    system: str
    login: str
    password: str
    identifier: Literal["pesel", "document"] = "pesel"
    document: str = ""


class BankFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the bank knows, where it differs from a customer without problems. `pesel` may be `none` or a wrong one."""

    identity_verified: bool = True
    account_role: AccountRole = AccountRole.OWNER
    sms_active: bool = True
    pesel: str = ""
    sim_replaced_hours_ago: int = 0


class ProfileFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A profile the person has at the portal."""

    state: ProfileState
    surname: str = ""
    terms: Literal["current", "previous"] = "current"


class RegisterFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the insurance register knows the person."""

    roles: tuple[InsuredRole, ...]
    first_name: str = ""
    surname: str = ""


class Invented(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented person."""

    key: str
    first_name: str
    surname: str
    pesel: str
    phone: str
    email: str
    situation: dict[str, str]
    bank: BankFacts = BankFacts()
    accounts: tuple[Account, ...] = ()
    profile: ProfileFacts | None = None
    register: RegisterFacts | None = None

    def account_at(self, system: str) -> Account | None:
        """The person's account at a system."""
        return next((account for account in self.accounts if account.system == system), None)


def read_people() -> list[Invented]:
    """The people of the preset."""
    text = resources.files("poreka.presets").joinpath("people.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["people"], list[Invented])


def demo_people(people: Iterable[Invented]) -> Iterator[DemoPerson]:
    """The people as `people.json` shows them."""
    for person in people:
        accounts = tuple(
            {
                "system": account.system,
                "login": account.login,
                "password": account.password,
                "identifier": account.document or _bank_pesel(person) or person.pesel,
            }
            for account in person.accounts
        )
        yield DemoPerson(
            key=person.key,
            first_name=person.first_name,
            last_name=person.surname,
            pesel=person.pesel,
            phone=person.phone,
            email=person.email,
            situation=person.situation,
            accounts=accounts,
        )


async def add_customers(bank: System, key: str, people: list[Invented]) -> None:
    """Make the people customers of a bank, unless they are."""
    directory = Customers(bank.database, bank.seal, bank.fresh)
    mine = [(person, account) for person in people if (account := person.account_at(key)) is not None]
    if await directory.by_number(mine[0][1].login) is not None:
        return
    hashes = await asyncio.gather(*(bank.passwords.hash(account.password) for _, account in mine))
    with suppress(AlreadyThere):  # another worker was quicker
        async with bank.database.transaction() as transaction:
            for (person, account), password_hash in zip(mine, hashes, strict=True):
                new = _customer(person, account, password_hash, bank.fresh.id(), bank.clock())
                await transaction.insert(directory.adding(new))


def _customer(person: Invented, account: Account, password_hash: str, customer_id: str, now: int) -> NewCustomer:
    facts, pesel = person.bank, _bank_pesel(person)
    replaced = now - facts.sim_replaced_hours_ago * 3600 if facts.sim_replaced_hours_ago else None
    return NewCustomer(
        id=customer_id,
        number=account.login,
        password_hash=password_hash,
        identifier_kind=account.identifier,
        identifier=account.document or pesel or "",
        first_name=person.first_name,
        surname=person.surname,
        pesel=pesel,
        phone=person.phone,
        email=person.email,
        identity_verified=facts.identity_verified,
        account_role=facts.account_role,
        sms_active=facts.sms_active,
        sim_replaced_at=replaced,
    )


def _bank_pesel(person: Invented) -> str | None:
    """The PESEL as the bank has it, right or wrong."""
    return None if person.bank.pesel == "none" else person.bank.pesel or person.pesel


async def add_profiles(portal: System, key: str, people: list[Invented]) -> None:
    """Give the people the profiles they have at the portal, unless they have them."""
    if not isinstance(portal, Portal) or portal.settings.portal is None:
        raise TypeError("profiles are a portal's")
    mine = [(person, person.profile) for person in people if person.profile is not None]
    if await portal.profiles.by_pesel(Pesel(mine[0][0].pesel)) is not None:
        return
    current = portal.settings.portal.terms_version
    rows = []
    for person, facts in mine:
        account = person.account_at(key)
        password_hash = await portal.passwords.hash(account.password) if account else None
        profile = _profile(person, facts, current, portal.clock())
        rows.append(
            portal.profiles.adding(
                Profile(
                    id=portal.fresh.id(),
                    profile=profile,
                    login=account.login if account else None,
                    password_hash=password_hash,
                    email=person.email,
                    electronic_information=False,
                    created_at=portal.clock(),
                )
            )
        )
    with suppress(AlreadyThere):
        await portal.database.insert(*rows)


def _profile(person: Invented, facts: ProfileFacts, current: str, now: int) -> PortalProfile:
    trusted = facts.state is ProfileState.TRUSTED
    return PortalProfile(
        facts=PersonFacts(
            first_name=person.first_name, surname=facts.surname or person.surname, pesel=Pesel(person.pesel)
        ),
        state=facts.state,
        terms_version=PREVIOUS_TERMS if facts.terms == "previous" else current,
        trusted_by="office" if trusted else None,
        trusted_at=now if trusted else None,
    )


async def add_insured(register: Insured, people: list[Invented]) -> None:
    """Put the people into the insurance register, unless they are there."""
    known = [(person, person.register) for person in people if person.register is not None]
    if await register.find(Pesel(known[0][0].pesel)) is not None:
        return
    rows = [register.adding(_insured(person, facts)) for person, facts in known]
    with suppress(AlreadyThere):
        await register.database.insert(*rows)


def _insured(person: Invented, facts: RegisterFacts) -> InsuredPerson:
    names = PersonFacts(
        first_name=facts.first_name or person.first_name,
        surname=facts.surname or person.surname,
        pesel=Pesel(person.pesel),
    )
    return InsuredPerson(facts=names, roles=facts.roles)

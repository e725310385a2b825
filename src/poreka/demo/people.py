"""The demonstration's people: read from the preset, put into the bank, the portal and the register once.

All are invented (`presets/people.toml`). A database that has them already is left as it is.
"""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from importlib import resources
from typing import Any, Literal

import msgspec

from poreka.demo.systems import DemoPerson
from poreka.provider.rules.eligibility import AccountRole
from poreka.provider.store.customers import Customers, NewCustomer
from poreka.provider.store.sim_swap import DemoSimCards
from poreka.provider.system import Bank
from poreka.rules.levels import Level
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.rules.people.phone_number import destination
from poreka.store.database import AlreadyThere
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState
from poreka.systems.portal.store.insured import Insured, InsuredPerson, InsuredRole
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.system import System

PREVIOUS_TERMS = "2025-03"
# On 4 March 2019 at noon in Warsaw the banks saw their customers' documents in a branch.
VERIFIED: Any = {"identity_verified_at": 1_551_697_200, "identity_assurance": Level.SUBSTANTIAL}


class CustomerFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What banks know of a person and how the person signs in there; what is left out is without problems.

    `logins` by bank; the password and the identifier, of which two characters are asked, are the same at each.
    `pesel` may be `none` or a wrong one.
    """

    logins: dict[str, str]
    password: str
    identifier: Literal["pesel", "document"] = "pesel"
    document: str = ""
    identity_verified: bool = True
    account_role: AccountRole = AccountRole.OWNER
    opened_by_transfer: bool = False
    sms_active: bool = True
    pesel: str = ""
    sim_replaced_hours_ago: int = 0  # their operator knows; a bank that does not ask it has it on record
    spare_card_at: tuple[str, ...] = ()  # the banks where the person has a code card beside SMS codes
    code_card_at: tuple[str, ...] = ()  # the banks where the person authorises with a code card
    app_at: tuple[str, ...] = ()  # the banks whose app the person authorises with
    second_app_at: tuple[str, ...] = ()  # the banks whose app the person has, but does not use


class PortalAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A login and password at the portal."""

    login: str
    password: str


class ProfileFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A profile the person has at the portal."""

    state: ProfileState
    surname: str = ""
    terms: Literal["current", "previous"] = "current"


class TrustedProfileFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trusted profile the person has, or had; `ends_in_days` is negative for one that has ended."""

    user_name: str
    password: str
    ends_in_days: int


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
    customer: CustomerFacts
    portal_account: PortalAccount | None = None
    profile: ProfileFacts | None = None
    register: RegisterFacts | None = None
    trusted_profile: TrustedProfileFacts | None = None

    @property
    def bank_pesel(self) -> str | None:
        """The PESEL as banks have it, right or wrong."""
        return None if self.customer.pesel == "none" else self.customer.pesel or self.pesel

    @property
    def mobile(self) -> str:
        """Their number as systems keep it."""
        return f"+{destination(self.phone)}"


def read_people(added_banks: tuple[str, ...] = ()) -> list[Invented]:
    """The people of the preset; at banks that were added they have the customer numbers that they have at Millenet."""
    text = resources.files("poreka.presets").joinpath("people.toml").read_text("utf-8")
    tables = tomllib.loads(text)["people"]
    for logins in (table["customer"]["logins"] for table in tables):
        logins.update(dict.fromkeys(added_banks, logins["millenet"]))
    return msgspec.convert(tables, list[Invented])


def demo_people(people: Iterable[Invented]) -> Iterator[DemoPerson]:
    """The people as `people.json` shows them."""
    for person in people:
        yield DemoPerson(
            key=person.key,
            first_name=person.first_name,
            last_name=person.surname,
            pesel=person.pesel,
            phone=person.phone,
            email=person.email,
            situation=person.situation,
            accounts=tuple(_accounts(person)),
        )


def _accounts(person: Invented) -> Iterator[dict[str, str]]:
    identifier = person.customer.document or person.bank_pesel or person.pesel
    for bank, login in person.customer.logins.items():
        yield {"system": bank, "login": login, "password": person.customer.password, "identifier": identifier}
    if person.portal_account is not None:
        login, password = person.portal_account.login, person.portal_account.password
        yield {"system": "pue", "login": login, "password": password, "identifier": identifier}
    if person.trusted_profile is not None:
        login, password = person.trusted_profile.user_name, person.trusted_profile.password
        yield {"system": "pz", "login": login, "password": password, "identifier": identifier}


class PasswordHashes:
    """Hashes of invented passwords, each computed once: the same people are customers of several banks."""

    def __init__(self, hash_password: Callable[[str], Awaitable[str]]) -> None:
        self._hash_password = hash_password
        self._found: dict[str, asyncio.Future[str]] = {}

    async def of(self, password: str) -> str:
        """The hash of a password."""
        if password not in self._found:
            self._found[password] = asyncio.ensure_future(self._hash_password(password))
        return await self._found[password]


async def add_customers(bank: Bank, key: str, people: list[Invented], hashes: PasswordHashes) -> None:
    """Make the people customers of a bank, unless they are."""
    directory = Customers(bank.database, bank.seal, bank.fresh)
    mine = [(person, login) for person in people if (login := person.customer.logins.get(key)) is not None]
    if await directory.ids_of((mine[0][1],)):
        return
    hashed = await asyncio.gather(*(hashes.of(person.customer.password) for person, _ in mine))
    with suppress(AlreadyThere):  # another worker was quicker
        async with bank.database.transaction() as transaction:
            for (person, login), password_hash in zip(mine, hashed, strict=True):
                new = _customer(person, login, password_hash, bank)
                await transaction.insert(directory.adding(new))


async def add_sim_cards(operator: DemoSimCards, people: list[Invented]) -> None:
    """Tell the demonstration's operator whose SIM card was replaced, unless it knows."""
    for person in people:
        if (replaced := _sim_replaced_at(person, operator.clock())) is not None:
            await operator.replaced(person.mobile, replaced)


def _sim_replaced_at(person: Invented, now: int) -> int | None:
    hours = person.customer.sim_replaced_hours_ago
    return now - hours * 3600 if hours else None


def _customer(person: Invented, login: str, password_hash: str, bank: Bank) -> NewCustomer:
    facts, pesel = person.customer, person.bank_pesel
    asks = bank.settings.sim_swap.source != "none"
    return NewCustomer(
        id=bank.fresh.id(),
        number=login,
        password_hash=password_hash,
        identifier_kind=facts.identifier,
        identifier=facts.document or pesel or "",
        first_name=person.first_name,
        surname=person.surname,
        pesel=pesel,
        phone=person.mobile,
        email=person.email,
        identity_verified=facts.identity_verified,
        account_role=facts.account_role,
        opened_by_transfer=facts.opened_by_transfer,
        sms_active=facts.sms_active,
        sim_replaced_at=None if asks else _sim_replaced_at(person, bank.clock()),
        **(VERIFIED if facts.identity_verified else {}),
    )


async def add_profiles(portal: System, people: list[Invented]) -> None:
    """Give the people the profiles they have at the portal, unless they have them."""
    if not isinstance(portal, Portal):
        raise TypeError("profiles are a portal's")
    mine = [(person, person.profile) for person in people if person.profile is not None]
    if await portal.profiles.by_pesel(Pesel(mine[0][0].pesel)) is not None:
        return
    current = portal.settings.portal.terms_version
    rows = []
    for person, facts in mine:
        account = person.portal_account
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

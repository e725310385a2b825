"""The forms of a profile in the making, read by the rules.

Every fault at once, beside its field, as a text key. Read next: `steps.py`, `finish.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from poreka.codes.new_password import own_data, password_problems
from poreka.rules.passwords.new_password import normal_password
from poreka.rules.people.contact import Email, EmailFault, read_email
from poreka.rules.people.login_name import LoginName, LoginNameFault, read_user_name
from poreka.rules.people.names import NameFault, read_name
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import PeselFault, read_pesel
from poreka.rules.people.phone_number import Phone, PhoneFault, TakenNumbers, read_phone

FACTS = ("first_name", "surname", "pesel")
CONTACT = ("phone", "email", "terms_version", "regulations")
CREDENTIALS = ("user_name", "password", "password_again")
SECRETS = ("password", "password_again")


@dataclass(frozen=True, slots=True)
class Faulty:
    """Text keys of what is wrong, by field in the order of the page."""

    problems: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Contact:
    """How the owner is reached."""

    phone: Phone
    email: Email


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the owner signs in with."""

    user_name: LoginName
    password: str


def read_facts(fields: Mapping[str, str]) -> PersonFacts | Faulty:
    """Who applies says who they are; a clerk will compare it with a document."""
    first_name, surname = read_name(fields["first_name"]), read_name(fields["surname"])
    pesel, problems = read_pesel(fields["pesel"].strip()), dict[str, tuple[str, ...]]()
    if isinstance(first_name, NameFault):
        problems["first_name"] = (f"profiles.fault.first_name.{first_name.value}",)
    if isinstance(surname, NameFault):
        problems["surname"] = (f"profiles.fault.surname.{surname.value}",)
    if isinstance(pesel, PeselFault):
        problems["pesel"] = (f"profiles.fault.pesel.{pesel.value}",)
    if isinstance(first_name, NameFault) or isinstance(surname, NameFault) or isinstance(pesel, PeselFault):
        return Faulty(problems)
    return PersonFacts(first_name=first_name, surname=surname, pesel=pesel)


def read_contact(fields: Mapping[str, str], terms_version: str, taken: TakenNumbers) -> Contact | Faulty:
    """Phone and e-mail are both required: codes and notices go there; and the regulations in force."""
    phone, email = read_phone(fields["phone"], taken), read_email(fields["email"])
    problems: dict[str, tuple[str, ...]] = {}
    if phone is None or isinstance(phone, PhoneFault):
        problems["phone"] = (f"phone.fault.{phone.value}" if phone else "trusted.fault.phone.empty",)
    if isinstance(email, EmailFault):
        problems["email"] = (f"profiles.fault.email.{email.value}",)
    if fields["terms_version"] != terms_version:
        problems["regulations"] = ("profiles.fault.terms.version_changed",)
    elif fields["regulations"] != "yes":
        problems["regulations"] = ("profiles.fault.terms.regulations_needed",)
    if problems or phone is None or isinstance(phone, PhoneFault) or isinstance(email, EmailFault):
        return Faulty(problems)
    return Contact(phone, email)


def read_credentials(fields: Mapping[str, str], facts: PersonFacts, services: tuple[str, ...]) -> Credentials | Faulty:
    """A user name of the person's choice, and a password typed twice."""
    name, problems = read_user_name(fields["user_name"]), dict[str, tuple[str, ...]]()
    if isinstance(name, LoginNameFault):
        problems["user_name"] = (f"trusted.fault.user_name.{name.value}",)
    login = "" if isinstance(name, LoginNameFault) else name
    problems.update(password_problems(fields, own_data(facts, login, services)))
    if problems or isinstance(name, LoginNameFault):
        return Faulty(problems)
    return Credentials(name, normal_password(fields["password"]))

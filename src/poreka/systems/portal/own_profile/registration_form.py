"""The registration form without a bank, read by the rules: a registration, or what is wrong by field (Z5).

All faults come at once. Nobody vouches for names and PESEL here, so they are only read strictly, never
compared with any register: the answer would tell a stranger what the register knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from poreka.codes.new_password import password_problems
from poreka.rules.passwords.new_password import OwnData, normal_password
from poreka.rules.people.contact import Email, EmailFault, read_email
from poreka.rules.people.names import NameFault, read_name
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel, PeselFault, read_pesel
from poreka.rules.people.phone_number import POLISH, Phone, PhoneFault, TakenNumbers, read_phone
from poreka.systems.portal.rules.terms import Acceptance, NotAccepted, TermsAnswer, TermsFault, accept_terms

FACTS = ("first_name", "surname", "pesel")
PASSWORDS = ("password", "password_again")
TERMS = ("terms_version", "regulations", "contact_data", "electronic_information")
FIELDS = (*FACTS, "phone", "email", *PASSWORDS, *TERMS)
_BOX_OF = {
    TermsFault.VERSION_CHANGED: "terms_version",
    TermsFault.REGULATIONS_NEEDED: "regulations",
    TermsFault.CONTACT_DATA_NEEDED: "contact_data",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A form without a fault."""

    facts: PersonFacts
    phone: Phone | None
    email: Email
    password: str
    accepted: Acceptance


@dataclass(frozen=True, slots=True)
class Faulty:
    """Text keys of what is wrong, by field in the order of the page."""

    problems: Mapping[str, tuple[str, ...]]


def read_registration(
    fields: Mapping[str, str],
    login: str,
    services: tuple[str, ...],
    current_terms: str,
    now: int,
    taken: TakenNumbers = POLISH,
) -> Registration | Faulty:
    """Read a sent form; neither the `login` that the profile would get nor the service's names may be in a password."""
    problems: dict[str, tuple[str, ...]] = {}
    first_name, surname = (_name(fields, field, problems) for field in ("first_name", "surname"))
    pesel, phone = read_pesel(fields["pesel"].strip()), read_phone(fields["phone"], taken, mobile=False)
    email = read_email(fields["email"])
    if isinstance(pesel, PeselFault):
        problems["pesel"] = (f"profiles.fault.pesel.{pesel.value}",)
    if isinstance(phone, PhoneFault):
        problems["phone"] = (f"phone.fault.{phone.value}",)
    if isinstance(email, EmailFault):
        problems["email"] = (f"profiles.fault.email.{email.value}",)
    known = pesel if isinstance(pesel, Pesel) else None
    own = OwnData(first_name=first_name, surname=surname, pesel=known, login=login, services=services)
    problems.update(password_problems(fields, own))
    accepted = _terms(fields, current_terms, now)
    if isinstance(accepted, NotAccepted):
        problems.update({_BOX_OF[fault]: (f"profiles.fault.terms.{fault.value}",) for fault in accepted.faults})
    if problems or isinstance(pesel, PeselFault) or isinstance(phone, PhoneFault) or isinstance(email, EmailFault):
        return Faulty(problems)
    if isinstance(accepted, NotAccepted):
        return Faulty(problems)
    facts = PersonFacts(first_name=first_name, surname=surname, pesel=pesel)
    password = normal_password(fields["password"])
    return Registration(facts=facts, phone=phone, email=email, password=password, accepted=accepted)


def _name(fields: Mapping[str, str], field: str, problems: dict[str, tuple[str, ...]]) -> str:
    name = read_name(fields[field])
    if isinstance(name, NameFault):
        problems[field] = (f"profiles.fault.{field}.{name.value}",)
        return ""
    return name


def _terms(fields: Mapping[str, str], current_terms: str, now: int) -> Acceptance | NotAccepted:
    answer = TermsAnswer(
        version=fields["terms_version"],
        regulations=fields["regulations"] == "yes",
        contact_data=fields["contact_data"] == "yes",
        electronic_information=fields["electronic_information"] == "yes",
    )
    return accept_terms(answer, current_terms, now)

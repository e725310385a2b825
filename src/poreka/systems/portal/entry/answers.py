"""What the two forms of an entry send: read by the rules, each fault told beside its field.

The three boxes are the same on both forms. A box that was not ticked is not sent at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from poreka.rules.people.contact import Email, EmailFault, read_email_twice
from poreka.rules.people.phone_number import POLISH, Phone, PhoneFault, TakenNumbers, read_phone
from poreka.systems.portal.rules.terms import Acceptance, NotAccepted, TermsAnswer, TermsFault, accept_terms

TERMS_FIELDS = ("terms_version", "regulations", "contact_data", "electronic_information")
FORM_FIELDS = ("phone", "email", "email_again", *TERMS_FIELDS)
_FIELD_OF = {
    TermsFault.VERSION_CHANGED: "terms_version",
    TermsFault.REGULATIONS_NEEDED: "regulations",
    TermsFault.CONTACT_DATA_NEEDED: "contact_data",
}


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration form without a fault."""

    phone: Phone | None
    email: Email
    accepted: Acceptance


@dataclass(frozen=True, slots=True)
class Faulty:
    """What is wrong, by field in the order of the page: text keys."""

    problems: Mapping[str, str]


def read_registration(
    fields: Mapping[str, str], current_terms: str, now: int, taken: TakenNumbers = POLISH
) -> Registration | Faulty:
    """Read the registration form (Z3)."""
    phone = read_phone(fields["phone"], taken, mobile=False)
    email = read_email_twice(fields["email"], fields["email_again"])
    accepted = read_acceptance(fields, current_terms, now)
    problems: dict[str, str] = {}
    if isinstance(phone, PhoneFault):
        problems["phone"] = f"phone.fault.{phone.value}"
    if isinstance(email, EmailFault):
        field = "email_again" if email is EmailFault.NOT_EQUAL else "email"
        problems[field] = f"entry.fault.email.{email.value}"
    if isinstance(accepted, Faulty):
        problems.update(accepted.problems)
    if isinstance(phone, PhoneFault) or isinstance(email, EmailFault) or isinstance(accepted, Faulty):
        return Faulty(problems)
    return Registration(phone, email, accepted)


def read_acceptance(fields: Mapping[str, str], current_terms: str, now: int) -> Acceptance | Faulty:
    """Read the version that was on the page and its boxes (Z4)."""
    answer = TermsAnswer(
        version=fields["terms_version"],
        regulations=fields["regulations"] == "yes",
        contact_data=fields["contact_data"] == "yes",
        electronic_information=fields["electronic_information"] == "yes",
    )
    outcome = accept_terms(answer, current_terms, now)
    if isinstance(outcome, NotAccepted):
        return Faulty({_FIELD_OF[fault]: f"entry.fault.terms.{fault.value}" for fault in outcome.faults})
    return outcome

"""A new password that was typed twice: what is wrong with it, as keys of texts by field.

The rules themselves are `rules/passwords.py`.
"""

import datetime
from collections.abc import Mapping

from poreka.rules.passwords import OwnData, PasswordFault, normal_password, password_faults
from poreka.rules.person import PersonFacts

Problems = dict[str, tuple[str, ...]]


def password_problems(
    fields: Mapping[str, str], first_name: str, surname: str, born: datetime.date | None, login: str
) -> Problems:
    """`fields` are `password` and `password_again`; `born` is None while the PESEL is wrong."""
    own = OwnData(first_name=first_name, surname=surname, birth_date=born or datetime.date.max, login=login)
    faults = password_faults(fields["password"], own)
    if born is None:
        faults = tuple(fault for fault in faults if fault is not PasswordFault.HOLDS_BIRTH_DATE)
    if faults:
        return {"password": tuple(f"profiles.fault.password.{fault.value}" for fault in faults)}
    if normal_password(fields["password"]) != normal_password(fields["password_again"]):
        return {"password_again": ("profiles.fault.password.not_equal",)}
    return {}


def problems_of(fields: Mapping[str, str], facts: PersonFacts, login: str) -> Problems:
    """The same, for somebody whose facts are known."""
    return password_problems(fields, facts.first_name, facts.surname, facts.pesel.birth_date, login)

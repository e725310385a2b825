"""A new password that was typed twice: what is wrong with it, as keys of texts by field.

The rules themselves are `rules/passwords/new_password.py`.
"""

from collections.abc import Mapping

from poreka.hashing.common_passwords import common_passwords
from poreka.rules.passwords.new_password import OwnData, normal_password, password_faults
from poreka.rules.people.person import PersonFacts
from poreka.web.system import System

Problems = dict[str, tuple[str, ...]]


def password_problems(fields: Mapping[str, str], own: OwnData) -> Problems:
    """`fields` are `password` and `password_again`."""
    if faults := password_faults(fields["password"], own, common_passwords()):
        return {"password": tuple(f"profiles.fault.password.{fault.value}" for fault in faults)}
    if normal_password(fields["password"]) != normal_password(fields["password_again"]):
        return {"password_again": ("profiles.fault.password.not_equal",)}
    return {}


def problems_of(system: System, fields: Mapping[str, str], facts: PersonFacts, login: str) -> Problems:
    """The same, for somebody whose facts are known."""
    return password_problems(fields, own_data(facts, login, names_of(system)))


def own_data(facts: PersonFacts, login: str, services: tuple[str, ...]) -> OwnData:
    """What a password of this person must not hold."""
    return OwnData(
        first_name=facts.first_name, surname=facts.surname, pesel=facts.pesel, login=login, services=services
    )


def names_of(system: System) -> tuple[str, ...]:
    """What a password for this system must not be made of: the system's own names."""
    return (system.settings.system.name, system.settings.system.key)

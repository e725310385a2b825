"""The columns of a file with a bank's customers, and the names by which people call them in a header.

A name counts in any case, with spaces, hyphens or underscores, with its Polish letters or without. What stands in the
columns is `customer_row.py`.
"""

import re
import unicodedata
from collections.abc import Sequence

REQUIRED = (
    "number", "password_hash", "first_name", "surname", "identity_verified", "account_role", "sms_active",
)  # fmt: skip
OPTIONAL = (
    "pesel", "phone", "email", "identifier_kind", "identifier", "opened_by_transfer", "sim_replaced_at",
    "identity_verified_at", "identity_assurance",
)  # fmt: skip
POLISH = {
    "number": ("numer", "numer klienta", "nr klienta", "identyfikator klienta", "login"),
    "password_hash": ("skrót hasła", "hasz hasła", "hash hasła"),
    "first_name": ("imię", "imiona", "imię (imiona)"),
    "surname": ("nazwisko",),
    "identity_verified": ("tożsamość potwierdzona", "tożsamość zweryfikowana"),
    "account_role": ("rola", "rola na rachunku", "rola w rachunku"),
    "sms_active": ("SMS aktywny", "SMS włączony", "autoryzacja SMS"),
    "pesel": ("PESEL", "nr PESEL", "numer PESEL"),
    "phone": ("telefon", "numer telefonu", "nr telefonu", "telefon komórkowy"),
    "email": ("e-mail", "adres e-mail", "poczta elektroniczna"),
    "identifier_kind": ("rodzaj identyfikatora",),
    "identifier": ("identyfikator",),
    "opened_by_transfer": ("otwarty przelewem", "rachunek otwarty przelewem"),
    "sim_replaced_at": ("wymiana karty SIM", "data wymiany karty SIM"),
    "identity_verified_at": ("data potwierdzenia tożsamości", "data weryfikacji tożsamości"),
    "identity_assurance": ("poziom zaufania", "poziom wiarygodności"),
}


def column_of(name: str) -> str | None:
    """The column that a cell of the header names; None where it is none of ours."""
    return _BY_NAME.get(_folded(name))


def header_fault(header: Sequence[str]) -> str | None:
    """What is wrong with the first row of a file; none of its names is repeated."""
    columns = [column_of(name) for name in header]
    if missing := [name for name in REQUIRED if name not in columns]:
        return f"the column {missing[0]} is missing ({', '.join(POLISH[missing[0]])})"
    known = [column for column in columns if column is not None]
    if twice := [column for column in known if known.count(column) > 1]:
        return f"the column {twice[0]} comes twice"
    unknown = [place for place, column in enumerate(columns, start=1) if column is None]
    return f"column {unknown[0]} has a name that is none of ours" if unknown else None


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return re.sub(r"[\W_]+", "", "".join(one for one in plain if not unicodedata.combining(one)))


_BY_NAME = {_folded(name): column for column in REQUIRED + OPTIONAL for name in (column, *POLISH[column])}

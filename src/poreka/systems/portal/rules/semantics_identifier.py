"""The `serialNumber` of a person's certificate, by which European certificates tell who it is.

ETSI EN 319 412-1 §5.1.3: three letters for the kind of number, two for the country, a hyphen, the number. A
Polish qualified certificate carries `PNOPL-` and the PESEL. Another country's number, a passport's or an
identity card's says nothing that our records hold. Read strictly: nothing is trimmed or repaired.
"""

import enum

from poreka.rules.people.pesel import Pesel, PeselFault, read_pesel

PERSONAL_NUMBER_IN_POLAND = "PNOPL-"
_KINDS = frozenset({"PAS", "IDC", "PNO", "TAX", "TIN"})


class IdentifierFault(enum.Enum):
    """Why an identifier gives no PESEL."""

    FORM = "form"
    OTHER_NUMBER = "other_number"
    PESEL = "pesel"


def read_identifier(text: str) -> Pesel | IdentifierFault:
    """The PESEL in a semantics identifier."""
    if text.startswith(PERSONAL_NUMBER_IN_POLAND):
        pesel = read_pesel(text.removeprefix(PERSONAL_NUMBER_IN_POLAND))
        return IdentifierFault.PESEL if isinstance(pesel, PeselFault) else pesel
    return IdentifierFault.OTHER_NUMBER if _is_semantic(text) else IdentifierFault.FORM


def _is_semantic(text: str) -> bool:
    """Whether it is an identifier of this form at all; a scheme of one country's own is `XX:`."""
    kind, country, number = text[:3], text[3:5], text[6:]
    known = kind in _KINDS or (kind[:2].isascii() and kind[:2].isupper() and kind[2:] == ":")
    return known and country.isascii() and country.isupper() and text[5:6] == "-" and bool(number)

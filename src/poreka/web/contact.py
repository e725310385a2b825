"""How people reach whoever runs a system, as its pages show it: from `[contact]`, and a provider's own hotline.

Every page has it at hand; `contact.html` shows it.
"""

from dataclasses import dataclass

from poreka.settings import Settings


@dataclass(frozen=True, slots=True)
class ShownContact:
    """What `web/contact.html` shows; `phones` as people read them and as a link dials them."""

    phones: tuple[tuple[str, str], ...]
    email: str
    address: str
    hours: str


def contact_of(settings: Settings, language: str) -> ShownContact:
    """The contact of a system; several numbers of one hotline are separated by commas."""
    kept, own = settings.contact, settings.bank or settings.trusted_profile or settings.mobywatel
    numbers = (own.hotline if own else "") or kept.phone
    return ShownContact(
        phones=tuple((number.strip(), dialled(number)) for number in numbers.split(",") if number.strip()),
        email=kept.email,
        address=kept.address or (settings.bank.address if settings.bank else ""),
        hours=kept.hours_en if language == "en" else kept.hours_pl,
    )


def dialled(number: str) -> str:
    """A number as `tel:` wants it (RFC 3966): of this country unless it says another."""
    digits = "".join(character for character in number if character.isdigit())
    return f"+{digits}" if number.strip().startswith("+") else f"+48{digits}"

"""How people reach whoever runs a system, as its pages show it: from `[contact]`, and a provider's own hotline.

Every page has it at hand; `contact.html` shows it.
"""

from dataclasses import dataclass

from poreka.web.settings.every_kind import CommonSettings

WHOLE_NUMBER = 9  # digits; shorter ones are dialled within the country only


@dataclass(frozen=True, slots=True)
class ShownContact:
    """What `web/contact.html` shows; `phones` as people read them and as a link dials them."""

    phones: tuple[tuple[str, str], ...]
    email: str
    address: str
    hours: str


def contact_of(settings: CommonSettings, language: str) -> ShownContact:
    """The contact of a system."""
    kept = settings.contact
    numbers = settings.hotlines or ((kept.phone,) if kept.phone else ())
    return ShownContact(
        phones=tuple((number, dialled(number)) for number in numbers),
        email=kept.email,
        address=kept.address or settings.address,
        hours=kept.hours_en if language == "en" else kept.hours_pl,
    )


def dialled(number: str) -> str:
    """A number as `tel:` wants it (RFC 3966): of this country unless it says another; a short one as it is."""
    digits = "".join(character for character in number if character.isdigit())
    if number.strip().startswith("+"):
        return f"+{digits}"
    return f"+48{digits}" if len(digits) >= WHOLE_NUMBER else digits

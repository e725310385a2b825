"""The numbers at which an institution answers, as people read them: on pages as links that a phone calls.

All pages of a provider say them through `to_call`; messages, which are plain, through `in_words`.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape
from starlette.requests import Request

from poreka.provider.system import Bank
from poreka.web.browser.language import texts_of
from poreka.web.contact import dialled
from poreka.web.texts import Texts


def hotlines_of(bank: Bank) -> tuple[str, ...]:
    """The provider's own; none where it has no telephone."""
    return bank.settings.hotlines


def to_call(request: Request, bank: Bank) -> Markup:
    """The provider's numbers as links; empty where there are none."""
    return links_to(hotlines_of(bank), texts_of(request, bank))


def links_to(numbers: Sequence[str], texts: Texts) -> Markup:
    """Each number as a link that a phone calls (RFC 3966)."""
    link = Markup('<a class="govuk-link p-call" href="tel:{digits}">{number}</a>')
    links = (link.format(digits=dialled(number), number=number.replace(" ", "\u00a0")) for number in numbers)
    return escape(_joined(texts)).join(links)


def in_words(numbers: Sequence[str], texts: Texts) -> str:
    """The numbers in a row, for messages and documents."""
    return _joined(texts).join(numbers)


def _joined(texts: Texts) -> str:
    return f" {texts('bank.or')} "

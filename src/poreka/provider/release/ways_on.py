"""Where somebody goes on whom the bank refused: to those of its own pages (`bank.links`) that help with the reason.

Pure. What to do is said by the text of each reason; this is where the link leads that stands below it.
"""

from collections.abc import Iterator

from poreka.provider.rules.eligibility import Reason
from poreka.web.settings.contact import HelpLinks

HELPING: dict[Reason, tuple[str, ...]] = {
    Reason.IDENTITY_NOT_VERIFIED: ("branches",),
    Reason.NO_CURRENT_ACCOUNT: ("open_account",),
    Reason.NOT_OWNER: ("open_account",),
    Reason.NO_PHONE: ("activate_sms", "branches"),
    Reason.SMS_NOT_ACTIVE: ("activate_sms", "branches"),
    Reason.NO_PESEL: ("branches",),
    Reason.PESEL_INVALID: ("branches",),
    Reason.OPENED_BY_TRANSFER: ("branches",),
}
"""The links that help, by reason. Nothing is opened, given or activated elsewhere for the others."""


def ways_on(reason: Reason, links: HelpLinks) -> Iterator[tuple[str, str]]:
    """The name and the address of each link that the bank has for this reason."""
    for name in HELPING.get(reason, ()):
        if address := getattr(links, name):
            yield name, address

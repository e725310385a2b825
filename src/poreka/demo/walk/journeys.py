"""Every journey there is to walk, in order.

Entering and being refused are played at each provider; their names begin with its key, except at the first.
Journeys that move the clock come last, so that the others meet the time they expect.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from poreka.demo.federation import BANKS
from poreka.demo.presets import Address, bank_preset
from poreka.demo.walk import (
    certificates,
    clerks,
    clients,
    consents,
    entries,
    orders,
    passkeys,
    patient_app,
    phones,
    profiles,
    refusals,
    sessions,
    tools,
    trusted_profile,
)
from poreka.demo.walk.walk import BANK, Walk
from poreka.provider.rules.eligibility import Reason
from poreka.systems.bank.settings import BankSettings


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey's name, what it shows, and how it is played at which provider."""

    name: str
    about: str
    play: Callable[[Walk], None]
    bank: str = BANK
    certificates: bool = False  # whether browsers must be able to show certificates


def _journey(name: str, play: Callable[[Walk], None], bank: str = BANK) -> Journey:
    """A journey that tells of itself."""
    return Journey(name if bank == BANK else f"{bank}-{name}", (play.__doc__ or "").partition("\n")[0], play, bank)


def journeys_at(settings: BankSettings) -> Iterator[Journey]:
    """Both ways in, a later entry, and the refusals that a provider's settings name."""
    bank = settings.system.key
    yield _journey("portal-first", entries.portal_first, bank)
    yield _journey("bank-first", entries.bank_first, bank)
    yield _journey("later-entry", entries.later, bank)
    for reason in settings.bank.eligibility:
        if reason in refusals.PEOPLE:
            name = f"refused-{reason.value.replace('_', '-')}"
            asks = reason is Reason.SIM_REPLACED and settings.sim_swap.source != "none"
            journey = refusals.sim_replaced if asks else partial(refusals.refused, reason=reason)
            yield Journey(name if bank == BANK else f"{bank}-{name}", f"P8, P10: {reason.value}.", journey, bank)


JOURNEYS: tuple[Journey, ...] = (
    *(journey for bank in BANKS for journey in journeys_at(bank_preset(bank, Address(8000)))),
    _journey("said-no", refusals.said_no),
    _journey("card-instead", refusals.card_instead, "inteligo"),
    _journey("bank-sign-in", entries.safe_bank_sign_in),
    _journey("step-up", entries.stronger),
    _journey("wrong-code", entries.wrong_code),
    _journey("cancel", entries.cancel),
    _journey("regulations", profiles.terms),
    _journey("upgrade", profiles.upgrade),
    _journey("differs-profile", profiles.differs_from_profile),
    _journey("differs-register", profiles.differs_from_register),
    _journey("own-profile", profiles.own_profile),
    replace(_journey("certificate", certificates.certificate), certificates=True),
    _journey("withdraw", sessions.withdraw),
    _journey("receipt", consents.receipt),
    _journey("sign-out", sessions.sign_out),
    _journey("passkey", passkeys.at_bank),
    _journey("passkey-portal", passkeys.at_portal),
    _journey("push", tools.approve, "ipko"),
    _journey("push-wrong-number", tools.wrong_number, "ipko"),
    _journey("push-refused", tools.refuse, "ipko"),
    _journey("change-of-tool", tools.change, "ipko"),
    _journey("connect-app", tools.connect, "ipko"),
    _journey("trusted-profile", trusted_profile.made_through_bank),
    _journey("trusted-sign-in", trusted_profile.signed_in_by_password),
    _journey("trusted-forgotten", trusted_profile.forgotten),
    _journey("trusted-portal", trusted_profile.portal_by_trusted_profile),
    _journey("patient-account", trusted_profile.patient_account),
    _journey("patient-app-pin", patient_app.with_pin),
    _journey("patient-app-key", patient_app.with_key),
    _journey("phone", phones.approve),
    _journey("phone-sign-in", phones.sign_in),
    _journey("clerk-asks-owner", clerks.owner_asked),
    _journey("order", orders.signed_by_sms),
    _journey("order-in-app", orders.signed_in_app),
    _journey("trusted-extend", trusted_profile.extended),
    _journey("trusted-not-me", trusted_profile.not_me),
    _journey("clerk", clerks.in_person),
    _journey("clerk-video", clerks.by_video),
    _journey("clerk-refuses", clerks.refused),
    _journey("clerk-invalidation", clerks.invalidation),
    _journey("clerk-death", clerks.death),
    _journey("clerk-rename", clerks.renamed),
    _journey("documents", clients.documents),
    _journey("sandbox", clients.sandbox),
    _journey("sandbox-fapi", clients.sandbox_fapi),
    _journey("new-code", entries.new_code),
    _journey("session", sessions.idle),
    _journey("kept-question", sessions.kept_question),
    _journey("late-code", sessions.late_code),
    _journey("push-lapsed", tools.lapse, "ipko"),
    _journey("lost-tool", tools.lost, "inteligo"),
)

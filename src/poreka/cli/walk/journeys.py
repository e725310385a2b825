"""Every journey there is to walk, in order.

Those that move the clock come last, so that the others meet the time they expect.
"""

from collections.abc import Callable

from poreka.cli.walk import clients, entries, profiles, refusals, sessions
from poreka.cli.walk.walk import Walk

JOURNEYS: tuple[tuple[str, Callable[[Walk], None]], ...] = (
    ("portal-first", entries.portal_first),
    ("bank-first", entries.bank_first),
    ("later-entry", entries.later),
    ("bank-sign-in", entries.safe_bank_sign_in),
    ("wrong-code", entries.wrong_code),
    ("cancel", entries.cancel),
    ("refused-identity", refusals.identity_not_verified),
    ("refused-account", refusals.no_current_account),
    ("refused-owner", refusals.not_owner),
    ("refused-sms", refusals.sms_not_active),
    ("refused-no-pesel", refusals.no_pesel),
    ("refused-bad-pesel", refusals.pesel_invalid),
    ("refused-sim", refusals.sim_replaced),
    ("regulations", profiles.terms),
    ("upgrade", profiles.upgrade),
    ("differs-profile", profiles.differs_from_profile),
    ("differs-register", profiles.differs_from_register),
    ("own-profile", profiles.own_profile),
    ("withdraw", sessions.withdraw),
    ("sign-out", sessions.sign_out),
    ("documents", clients.documents),
    ("sandbox", clients.sandbox),
    ("sandbox-fapi", clients.sandbox_fapi),
    ("new-code", entries.new_code),
    ("session", sessions.idle),
    ("kept-question", sessions.kept_question),
    ("late-code", sessions.late_code),
)

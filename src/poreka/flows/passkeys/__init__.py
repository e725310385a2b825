"""Passkeys on one's own settings pages: the list, making one, ending one (docs/adr/0040).

At a bank, under /settings/security/passkeys: `at_bank.py`. The present tool says yes first
(`flows/authorisation_tools`).
At a portal, under /settings/passkeys: `at_portal.py`. A new sign-in through a provider comes first.

What both show stands in `listing.py`; signing in with one is `flows/bank_sign_in` and `flows/own_profile`.
"""

"""The pause after a changed phone or e-mail address: for some hours neither proves who sets a password anew.

A thief of an account changes them first.
"""

HOUR = 3600


def is_barred(contact_changed_at: int | None, now: int, pause_hours: int) -> bool:
    """Whether phone or e-mail changed so lately that neither may set a password anew."""
    return contact_changed_at is not None and now < contact_changed_at + pause_hours * HOUR

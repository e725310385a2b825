"""A device bound to a patient account: how long it opens the account, and what ends that for good (K3).

A binding is made once, after a sign-in through a provider, and opened from then on with a passkey or a PIN. It ends by
its owner, by five wrong PINs in a row, by lying unused, by another one in its place, and when a provider says that the
person behind it is vouched for no more (docs/adr/0029). Nothing leads out of an ended binding: who wants in signs in
anew. Wrong PINs are counted for the binding, not for a window: all tries of all workers are one row.

The device's secret changes with every opening. Until the present one was seen, those before it open the device too: an
answer may be lost, or two may cross. Once it was seen, whoever comes with an older one holds a copy (RFC 9700 §4.14).
"""

import enum

import msgspec

MOST_TRIES = 5
DAY = 24 * 3600


class Tool(enum.Enum):
    """With what the owner opens the bound device."""

    PASSKEY = "passkey"
    PIN = "pin"


class BindingEnd(enum.Enum):
    """What ended a binding."""

    OWNER = "owner"  # in the app
    ACCOUNT = "account"  # on the patient account's own pages
    TRIES = "tries"
    UNUSED = "unused"
    PROVIDER = "provider"
    REPLACED = "replaced"  # this device was bound anew
    GONE = "gone"  # the account is there no more
    COPIED = "copied"  # somebody came with a secret that the device had given up


class CameWith(enum.Enum):
    """Which of its secrets a device came with."""

    PRESENT = "present"
    FORMER = "former"  # one before it, while the present one was not seen
    SPENT = "spent"


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """As much of a binding as rules need; `tries` are wrong PINs since the last right one."""

    tool: Tool
    used_at: int
    tries: int = 0
    ended_by: BindingEnd | None = None


def end_of(binding: Binding, now: int, unused_days: int) -> BindingEnd | None:
    """What ended it, or None while it opens the account. Time is looked at, not waited for."""
    if binding.ended_by is not None:
        return binding.ended_by
    if binding.tries >= MOST_TRIES:
        return BindingEnd.TRIES
    return BindingEnd.UNUSED if now >= binding.used_at + unused_days * DAY else None


def tried(binding: Binding) -> Binding:
    """One more try, counted before it is looked at: the fifth may still be right, and then clears the count."""
    return msgspec.structs.replace(binding, tries=binding.tries + 1)


def tries_left(binding: Binding) -> int:
    """How many wrong PINs it still takes to end it."""
    return max(0, MOST_TRIES - binding.tries)

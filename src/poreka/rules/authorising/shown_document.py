"""The document that an operation signs, as its person sees it: on the page, in the SMS and in the app (T7).

What you see is what you sign: the name and the hash are the same words wherever they stand. The hash is SHA-256 in
hexadecimal, grouped in fours, so that it can be read out and compared; an SMS has room for its beginning only, which
is 64 bits: enough that nobody makes another document with the same one while its owner reads.
"""

import msgspec

SHORT_GROUPS = 4


class ShownDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document by its name and its hash."""

    name: str
    hash: str

    @property
    def short_hash(self) -> str:
        """The beginning of the hash, for an SMS."""
        return " ".join(self.hash.split()[:SHORT_GROUPS])

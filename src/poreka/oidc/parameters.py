"""Request parameters, read from raw pairs by the rules of OAuth.

A parameter without a value is as if it were not sent, an unknown one is ignored, and one sent twice is an
error (RFC 6749 §3.1, §3.2). The error is raised when that parameter is read or by ``check``, so that a
request with a proven address can have its fault sent back there. Percent-decoding happened before. Read next:
``provider.authorization_request``.
"""

from collections.abc import Iterable
from typing import Self

from poreka.oidc.errors import Fault

LONGEST_VALUE = 4 * 1024
MOST_PARAMETERS = 64


class ParameterRefused(Fault):
    """A parameter was repeated, too long, or one of too many; the caller decides where that is told."""


class Parameters:
    """The parameters of one request; immutable."""

    __slots__ = ("_faulty", "_values")

    def __init__(self, values: dict[str, str], faulty: dict[str, str]) -> None:
        self._values = values
        self._faulty = faulty

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]], *, longest: int = LONGEST_VALUE) -> Self:
        """Read the pairs of a query or a form; ``longest`` is in characters."""
        values: dict[str, str] = {}
        faulty: dict[str, str] = {}
        for count, (name, value) in enumerate(pairs, 1):
            if count > MOST_PARAMETERS:
                raise ParameterRefused("The request has too many parameters.")
            if value == "":
                continue
            if name in values:
                faulty[name] = "is repeated"
            elif len(value) > longest:
                faulty[name] = "is too long"
            values[name] = value
        return cls(values, faulty)

    def get(self, name: str) -> str | None:
        """The value, or ``None`` where it was not sent; raises for a repeated or oversized one."""
        if name in self._faulty:
            raise ParameterRefused(f"The parameter {name} {self._faulty[name]}.")
        return self._values.get(name)

    def get_if_sound(self, name: str) -> str | None:
        """The value, or ``None`` also where it is faulty: for parameters echoed with an error."""
        return None if name in self._faulty else self._values.get(name)

    def with_value(self, name: str, value: str) -> Self:
        """The same parameters and one more, established otherwise (a client named by its authentication)."""
        return type(self)({**self._values, name: value}, self._faulty)

    def check(self) -> None:
        """No parameter at all is repeated or oversized. An unknown name is not echoed back."""
        for fault in self._faulty.values():
            raise ParameterRefused(f"A parameter of the request {fault}.", detail=", ".join(self._faulty)[:200])

    def __contains__(self, name: str) -> bool:
        return name in self._values

"""What is wrong with a form that was sent: told in a list above the page, and once more beside each field.

A page takes it as `errors`: going through it gives the lines of the list, `errors.get(field)` the text beside a field.
Rules tell what is wrong by keys of texts; `form_errors` puts them into the words of the page's language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from poreka.web.texts import Texts


class SummaryLine(NamedTuple):
    """A line of the list; it leads to `href`, or nowhere when the form as a whole is wrong."""

    text: str
    href: str | None


@dataclass(frozen=True, slots=True)
class FormErrors:
    """Texts by field, in the order of the page; the field "" is the form as a whole. A line leads to the field that it
    tells of, unless `places` has the id of another element, or "" for none."""

    texts: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """The text beside a field; None when nothing is wrong with it."""
        return self.texts.get(name)

    def __bool__(self) -> bool:
        return bool(self.texts)

    def __iter__(self) -> Iterator[SummaryLine]:
        for name, text in self.texts.items():
            place = self.places.get(name, name)
            yield SummaryLine(text, f"#{place}" if place else None)


NO_ERRORS = FormErrors()


def form_errors(
    texts: Texts, keys: Mapping[str, str] | Mapping[str, tuple[str, ...]], places: Mapping[str, str] | None = None
) -> FormErrors:
    """The errors in the words of a language; `keys` are keys of texts by field, one or several."""
    told = {name: " ".join(map(texts, (key,) if isinstance(key, str) else key)) for name, key in keys.items()}
    return FormErrors(told, places or {})

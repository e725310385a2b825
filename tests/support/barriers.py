"""What is looked for on every page that any test sees, besides axe's rules, and what a check lets through.

Some faults a person sees at once and axe does not: a field for single characters of a secret, a code to be copied from
paper. Each has a rule here, by the mark that our own templates give it. What is let through stands in
`poreka/for_everyone/barriers.toml`, from which the accessibility statements are made; there is no other list.
"""

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from poreka.demo.presets import Address, preset
from poreka.for_everyone.barriers import barriers_of
from poreka.web.settings.every_kind import CommonSettings

STATEMENT = "/accessibility"
ON_ANY_PAGE = {"masked-characters": ".p-masked", "code-from-paper": "[data-from-paper]"}
"""Rules that a page breaks which has this."""
IN_THE_STATEMENT = {"no-sign-language": '[lang="pzm"], [hreflang="pzm"]', "no-study": "[data-study]"}
"""Rules that a statement breaks which has nothing of this: a translation into Polish Sign Language, a study."""
MARKS = (*ON_ANY_PAGE.values(), *IN_THE_STATEMENT.values())


def broken_by_hand(url: str, has: Callable[[str], bool]) -> list[str]:
    """The rules of this file that a page breaks; `has` says whether a selector finds something on it."""
    found = [rule for rule, mark in ON_ANY_PAGE.items() if has(mark)]
    if urlsplit(url).path == STATEMENT:
        found += [rule for rule, mark in IN_THE_STATEMENT.items() if not has(mark)]
    return found


def is_known(rule: str, url: str) -> bool:
    """Whether the list lets this through on this page: one of the demonstration's systems, on others nothing is."""
    parts = urlsplit(url)
    settings = _settings((parts.hostname or "").partition(".")[0])
    return settings is not None and any(
        barrier.rule == rule and any(fnmatchcase(parts.path, page) for page in barrier.pages)
        for barrier in barriers_of(settings)
    )


@cache
def _settings(key: str) -> CommonSettings | None:
    file = resources.files("poreka.presets").joinpath(f"{key}.toml")
    return preset(key, Address(8000)) if file.is_file() and "[system]" in file.read_text("utf-8") else None

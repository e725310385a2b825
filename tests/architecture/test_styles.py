"""Every class that the sheet speaks of is one that a template, a script or the code writes, whole or put together."""

import re
from functools import cache

from tests.architecture.source import PACKAGE, modules, templates

SHEET = PACKAGE / "web" / "layout" / "static" / "poreka.css"
PUT_TOGETHER = r"govuk-(tag|button|input--width|fieldset__legend)--?[a-z0-9-]+|govuk-(radios|checkboxes)__[a-z]+"
"""Classes whose last part a macro is given: a kind, a width, a size, a type (`web/layout`)."""


@cache
def written() -> frozenset[str]:
    scripts = sorted((PACKAGE / "web" / "layout" / "static").rglob("*.js"))
    texts = [path.read_text(encoding="utf-8") for path in (*templates(), *scripts)]
    return frozenset(word for text in (*texts, *(m.text for m in modules())) for word in re.findall(r"[\w-]+", text))


def test_every_class_in_the_sheet_is_written_somewhere() -> None:
    sheet = re.sub(r"url\([^)]*\)", "", SHEET.read_text(encoding="utf-8"))
    classes = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", sheet))
    assert {"govuk-button", "p-choice__name"} <= classes
    unused = {one for one in classes - written() if not re.fullmatch(PUT_TOGETHER, one)}
    assert not unused, f"take them out of theme/scss, or add them to UNUSED in theme/slim.js: {sorted(unused)}"

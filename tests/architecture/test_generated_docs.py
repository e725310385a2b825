"""The pages that are made from the code say what the code says now.

When it fails: run `.venv/bin/python docs/generate.py` and read what changed.
"""

import re

import pytest

from docs.generating.pages import PAGES
from tests.architecture.source import ROOT


@pytest.mark.parametrize("name", PAGES)
def test_page_is_up_to_date(name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == PAGES[name](), f"docs/{name} is stale: run .venv/bin/python docs/generate.py"


def test_a_limit_that_can_be_set_names_a_key_that_exists() -> None:
    limits, settings = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("limits.md", "settings.md"))
    named = set(re.findall(r"\| `([a-z]+)\.([a-z_]+)` \|", limits))
    assert named
    for table, key in named:
        assert re.search(rf"^## `\[{table}\]`.*?^\| `{key}` \|", settings, re.MULTILINE | re.DOTALL), f"{table}.{key}"

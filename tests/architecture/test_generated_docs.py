"""The pages that are made from the code say what the code says now.

When it fails: run `.venv/bin/python docs/generate.py` and read what changed.
"""

import runpy

import pytest

from tests.architecture.source import ROOT

PAGES = ("settings.md", "events.md", "journeys.md", "acts.md")


@pytest.mark.parametrize("name", PAGES)
def test_page_is_up_to_date(name: str) -> None:
    made: dict[str, str] = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
    assert set(made) == set(PAGES)
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == made[name], f"docs/{name} is stale: run .venv/bin/python docs/generate.py"

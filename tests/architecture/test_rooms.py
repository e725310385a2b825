"""A system is one folder and one row: without any one of them the others import, and start."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from poreka.demo.presets import Address, settings_text
from poreka.kinds import KINDS, SETTINGS
from tests.architecture.source import PACKAGE

ALONE = [kind for kind in KINDS if kind.alone]
STARTS = """
import asyncio, importlib, pkgutil, sys
from pathlib import Path

import poreka, poreka.systems
for part in pkgutil.walk_packages(poreka.systems.__path__, "poreka.systems."):
    importlib.import_module(part.name)

from dataclasses import replace

from poreka.cli.single import build_single
from poreka.kinds import SETTINGS
from poreka.settings import read_settings

for settings in SETTINGS:  # RSA keys are slow to make
    settings.KIND = replace(settings.KIND, algorithms=settings.KIND.algorithms[:1])

async def start(file):
    single = await build_single(read_settings(file), file.parent)
    await single.stop()

for file in map(Path, sys.argv[1:]):
    asyncio.run(start(file))
print("started", len(sys.argv) - 1)
"""


def without_row(text: str, settings: str) -> str:
    """`kinds.py` without the import and the row of one kind."""
    text, imports = re.subn(rf"^from \S+ import {settings}\n", "", text, flags=re.MULTILINE)
    text, rows = re.subn(rf"^    {settings},\n", "", text, flags=re.MULTILINE)
    assert (imports, rows) == (1, 1)
    return text


@pytest.mark.parametrize("gone", ALONE, ids=lambda kind: kind.name)
def test_the_others_start_without_a_system_s_folder_and_row(gone: object, tmp_path: Path) -> None:
    settings = next(one for one in SETTINGS if one.KIND is gone)
    copy = tmp_path / "src" / "poreka"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(copy / "systems" / settings.KIND.name)
    kinds = copy / "kinds.py"
    kinds.write_text(without_row(kinds.read_text("utf-8"), settings.__name__), encoding="utf-8")
    files = []
    for kind in ALONE:
        if kind is not gone:
            files.append(tmp_path / f"{kind.name}.toml")
            files[-1].write_text(settings_text(kind.demo[0], Address(8000)), encoding="utf-8")
    started = subprocess.run(
        [sys.executable, "-c", STARTS, *map(str, files)],
        env={"PYTHONPATH": str(tmp_path / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.stdout.endswith(f"started {len(files)}\n"), started.stderr[-2000:]

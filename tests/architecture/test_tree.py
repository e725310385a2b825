"""What must not lie in the tree.

Paths of somebody's machine, addresses of package registries, debris; and locks that fit.
"""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.architecture.source import ROOT, project_files

# Written in pieces, so that this file does not find itself.
MACHINES = ["/wor" + "k/", "/home/" + "[a-z]+/", "/roo" + "t/"]
REGISTRIES = ["files.python" + "hosted", "pypi" + r"\.org", "registry" + r"\.npmjs", "deb" + r"\.debian"]
FOREIGN = re.compile("|".join(MACHINES + REGISTRIES))
BINARY = {".woff2", ".png", ".ico", ".jpg"}


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = {
        path: path.read_text(encoding="utf-8", errors="replace")
        for path in project_files()
        if path.suffix not in BINARY
    }
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}" for path, text in texts.items() for hit in FOREIGN.finditer(text)
    ]
    assert not found


def wanted(group: str | None) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [
        Requirement(line)
        for line in (project["dependency-groups"][group] if group else project["project"]["dependencies"])
    ]


def locked(name: str) -> dict[str, Version]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    pins = [line.partition(" ")[0].split("==") for line in lines if "==" in line.partition(" ")[0]]
    return {pin[0]: Version(pin[1]) for pin in pins}


@pytest.mark.parametrize(("group", "lock"), [(None, "runtime.txt"), (None, "dev.txt"), ("dev", "dev.txt")])
def test_the_lock_holds_what_the_project_asks_for(group: str | None, lock: str) -> None:
    pins = locked(lock)
    off = [str(need) for need in wanted(group) if need.name not in pins or pins[need.name] not in need.specifier]
    assert not off, f"run `./run lock`: {off}"


def test_every_locked_package_has_a_hash() -> None:
    for lock in ("installer.txt", "runtime.txt", "dev.txt"):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        assert not re.search(r"^\S+==[^\\]*$", text, flags=re.MULTILINE), f"{lock} has a package without a hash"

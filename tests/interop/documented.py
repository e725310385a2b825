"""What a page of `docs/frameworks` says to write into files, so that its test runs the very page.

A code block whose first line names a file, such as ``` ```json registration.json ```, is that file. Pages speak of
the demonstration at its usual addresses; a test has others and puts them in.
"""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from poreka.cli.main import main
from tests.interop.peers import free_port
from tests.support.server import Demo

PAGES = Path(__file__).parents[2] / "docs" / "frameworks"
PROVIDER, APPLICATION = "http://millenet.localhost:8000", "127.0.0.1:3000"
_BLOCK = re.compile(r"^```\w+ ([\w./-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example:
    """The files of one page in a folder, and the client of its `registration.json` registered at the demo's bank."""

    def __init__(self, demo: Demo, page: str, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        for name, text in files_of(page).items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.here(demo, text), encoding="utf-8")
        self.secret = ""
        self.register_again(demo)

    def register_again(self, demo: Demo, **changed: object) -> None:
        """Do as the page says, `poreka client check` and `client add`, with some fields changed; keeps the secret."""
        registration = self.folder / "registration.json"
        registration.write_text(json.dumps({**json.loads(registration.read_text()), **changed}))
        _poreka("client", "check", registration, "--demo")
        settings = demo.log.parent / "data" / "millenet.toml"
        said = _poreka("client", "add", settings, registration, "--replace")
        if not self.secret and "client_secret" not in said and "jwks" not in registration.read_text():
            said = _poreka("client", "rotate", settings, json.loads(registration.read_text())["client_id"])
        shown = (line.split()[1] for line in said.splitlines() if line.startswith("client_secret"))
        self.secret = next(shown, self.secret)

    def here(self, demo: Demo, text: str) -> str:
        """The text with the addresses of this run, the application's port in whatever way it is written."""
        text = text.replace(PROVIDER, demo.origin("millenet")).replace(APPLICATION, f"127.0.0.1:{self.port}")
        return text.replace("3000", str(self.port))


def files_of(page: str) -> dict[str, str]:
    """The files that a page shows, by name."""
    return dict(_BLOCK.findall((PAGES / page).read_text(encoding="utf-8")))


def _poreka(*words: object) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert not ended.value.code, said.getvalue()
    return said.getvalue()

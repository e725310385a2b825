"""The secrets that a system shares with another one: which files its settings name, and whether they can be used.

Each holds one line of at least 32 characters, the same at both systems. Builders read them when a system starts;
`poreka config check` reads them all before.
"""

from pathlib import Path

from poreka.running.senders import long_secret
from poreka.web.settings.every_kind import CommonSettings


def check_shared_secrets(settings: CommonSettings, folder: Path) -> None:
    """Read every one of them; the demonstration makes those that miss. Raises `SettingsError`."""
    for key, file in settings.secret_files():
        if not settings.system.demo or (folder / file).exists():
            long_secret(folder, file, key)

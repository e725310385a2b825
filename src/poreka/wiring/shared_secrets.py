"""The secrets that a system shares with another one: which files its settings name, and whether they can be used.

Each holds one line of at least 32 characters, the same at both systems. Builders read them when a system starts;
`poreka config check` reads them all before.
"""

from collections.abc import Iterator
from pathlib import Path

from poreka.settings import Settings
from poreka.wiring.senders import long_secret


def check_shared_secrets(settings: Settings, folder: Path) -> None:
    """Read every one of them; the demonstration makes those that miss. Raises `SettingsError`."""
    for key, file in shared_secret_files(settings):
        if not settings.system.demo or (folder / file).exists():
            long_secret(folder, file, key)


def shared_secret_files(settings: Settings) -> Iterator[tuple[str, str]]:
    """The keys of the settings that name such a file, with the files."""
    push, desk, account, app = settings.push, settings.desk, settings.patient_account, settings.mojeikp
    if push.sender == "http":
        yield from (("push.token_file", push.token_file), ("push.answers_secret_file", push.answers_secret_file))
    for known in settings.trusted_profile.desks if settings.trusted_profile else ():
        yield "trusted_profile.desks.token_file", known.token_file
    for asker in settings.mobywatel.askers if settings.mobywatel else ():
        yield "mobywatel.askers.token_file", asker.token_file
        yield "mobywatel.askers.secret_file", asker.secret_file
    if desk:
        yield "desk.token_file", desk.token_file
    if account and account.app:
        yield "patient_account.app_token_file", account.app_token_file
        yield "patient_account.app_secret_file", account.app_secret_file
    if app:
        yield from (("mojeikp.token_file", app.token_file), ("mojeikp.secret_file", app.secret_file))

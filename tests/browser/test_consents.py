"""A new text of the consent: what is new since the person agreed, the history word for word, and a receipt (P6, P7).

A bank of its own joins the demonstration, whose text changes in forty days.
"""

import datetime
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens
from tests.browser.look import Looks, open_everything
from tests.support.browser import Window, Windows
from tests.support.server import Demo, assert_log_is_discreet, codes_sent, start, stop

pytestmark = pytest.mark.browser

BANK, CONSENTS = "rzeka", "/settings/security/consents"
DOCS = Path(__file__).parents[2] / "docs" / "connect-your-bank.md"
NEW_TEXT = """
[[bank.consent_texts]]
version = "nowa-wersja"
valid_from = {day}
pl = [
  "Zgadzam się, żeby {{provider}} przekazywał moje dane ({{data}}) do {{service}} przy każdym moim logowaniu.",
  "Zgodę potwierdzasz raz. Pamiętamy ją, dopóki jej nie wycofasz albo nie zmieni się jej treść.",
  "Wycofasz ją tutaj: Ustawienia, Ustawienia zabezpieczeń, Zgody na usługi dodatkowe.",
  "Zgoda jest dobrowolna.",
]
en = ["I agree that {{provider}} passes my data ({{data}}) on to {{service}} whenever I sign in."]
"""


@pytest.fixture
def demo_with_a_new_text(tmp_path: Path) -> Iterator[Demo]:
    """The bank of the docs, whose consent has another text in forty days."""
    found = re.search(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=40)
    file = tmp_path / "rzeka.toml"
    file.write_text(found[1] + NEW_TEXT.format(day=day), "utf-8")
    running = start(tmp_path, "--bank", str(file))
    try:
        yield running
        codes = codes_sent(running)
    finally:
        stop(running)
    assert_log_is_discreet(running, codes)


async def sign_in(citizen: Citizen) -> None:
    account = citizen.account(BANK)
    await citizen.open(BANK)
    await citizen.send("/password", number=account["login"], password=account["password"])
    await citizen.at(BANK, "/")


async def to_consent(citizen: Citizen) -> None:
    """Bank first: signed in, to the services page and on."""
    await sign_in(citizen)
    await citizen.open(BANK, "/finances/services")
    await citizen.page.locator('main form[action$="/services/pue/enter"] button').first.click()
    await citizen.at(BANK, "/release/.+")


async def agree(citizen: Citizen) -> None:
    await citizen.type_code(await citizen.consent())
    await citizen.at("pue", "/entry/.+")


async def downloaded(citizen: Citizen, folder: Path) -> Path:
    """The receipt of the newest consent, as the browser saves it."""
    async with citizen.page.expect_download() as waiting:
        await citizen.follow("Pobierz potwierdzenie")
    download = await waiting.value
    file = folder / download.suggested_filename
    assert re.fullmatch(r"receipt-pue-\d{4}-\d\d-\d\d\.jwt", file.name)
    await download.save_as(file)
    return file


def verified(file: Path) -> str:
    """What the command says of a receipt, with keys from the running bank."""
    command = [str(Path(sys.executable).with_name("poreka")), "receipt", "verify", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize(("key", "window"), [("jan", Window()), ("stanislaw", Window(script=False))], ids=str)
async def test_a_new_text_is_explained_and_the_old_one_kept(
    key: str, window: Window, demo_with_a_new_text: Demo, chromium_windows: Windows, tmp_path: Path
) -> None:
    citizen = await Citizens(demo_with_a_new_text, chromium_windows).come(key, window)
    looks = Looks("pl")
    await to_consent(citizen)
    await expect(citizen.page.locator("main")).not_to_contain_text("Co się zmieniło od Twojej zgody")
    await agree(citizen)
    await citizen.open(BANK, CONSENTS)
    old = await downloaded(citizen, tmp_path)
    assert "in force when the receipt was made" in verified(old)

    demo_with_a_new_text.advance("P41D")
    await to_consent(citizen)
    await citizen.says("Co się zmieniło od Twojej zgody")
    await citizen.says("Nowa wersja: nowa-wersja. Poprzednia: 2026-01.")
    await citizen.says("Wyrażam zgodę na przekazywanie przez Bank Rzeka")
    await citizen.says("Zgadzam się, żeby Bank Rzeka przekazywał moje dane (imię, nazwisko, numer PESEL) do PUE ZUS")
    if window.script:
        await looks.at(citizen, "what-is-new")
    await agree(citizen)

    await citizen.open(BANK, CONSENTS)
    await citizen.says("Zastąpiona nową")
    if window.script:
        await open_everything(citizen)
        await looks.at(citizen, "history")
        await looks.at(citizen, "history-en", CONSENTS + "?lang=en", BANK)
        await citizen.open(BANK, CONSENTS + "?lang=pl")
    told = verified(await downloaded(citizen, tmp_path))
    assert "version nowa-wersja" in told
    assert "in force when the receipt was made" in told
    assert "version 2026-01" in verified(old)
    looks.assert_fine()

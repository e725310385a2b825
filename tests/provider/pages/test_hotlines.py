"""The numbers of an institution: links that a phone calls, on every page that says them (P10)."""

import pytest

from poreka.provider.pages.hotlines import in_words, links_to
from poreka.web.texts import load_texts
from tests.support.in_process import BankInProcess

TEXTS = load_texts()
NUMBERS = ("800 121 121", "81 535 67 89")


def test_several_numbers_are_said_in_a_row_and_each_is_called_by_itself() -> None:
    said = links_to(NUMBERS, TEXTS["pl"])
    assert said.striptags().replace("\u00a0", " ") == "800 121 121 lub 81 535 67 89"
    assert 'href="tel:+48800121121"' in said
    assert 'href="tel:+48815356789"' in said
    assert in_words(NUMBERS, TEXTS["en"]) == "800 121 121 or 81 535 67 89"


def test_none_is_nothing() -> None:
    assert not links_to((), TEXTS["pl"])
    assert in_words((), TEXTS["pl"]) == ""


def test_a_text_with_a_link_in_it_escapes_everything_else() -> None:
    said = TEXTS["pl"]("release.ended.hotline", provider="<b>Bank</b>", hotline=links_to(NUMBERS[:1], TEXTS["pl"]))
    assert "&lt;b&gt;Bank" in said
    assert "<b>" not in said
    assert said.count("<a ") == 1


@pytest.mark.parametrize("address", ["/help", "/safety", "/sign-in"])
async def test_every_page_with_the_numbers_calls_them(bank: BankInProcess, address: str) -> None:
    page = await bank.browser().open(address)
    numbers = bank.bank.settings.bank.hotlines if bank.bank.settings.bank else ()
    assert len(numbers) == 2
    hrefs = [node.attributes["href"] for node in page.html.css("a[href^='tel:']")]
    assert hrefs == [f"tel:+48{number.replace(' ', '')}" for number in numbers]

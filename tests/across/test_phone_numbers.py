"""Phone numbers in the forms: taken in any usual writing, refused with the reason and shown back as typed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from poreka.rules.people.phone_number import TakenNumbers
from poreka.systems.portal.entry.answers import FORM_FIELDS, Faulty, read_registration
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from tests.architecture.source import templates
from tests.support.asgi import AsgiPage
from tests.support.profile_and_app import ProfileAndApp, profile_and_app

ABROAD = "+380 50 123-45-67"


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def changing(both: ProfileAndApp, phone: str) -> AsgiPage:
    page = await (await both.owner()).open("/profile/contact/phone")
    return await page.submit("/contact/phone", phone=phone)


def shown_back(page: AsgiPage) -> str | None:
    field = page.html.css_first("#phone")
    assert field is not None
    assert (field.attributes["type"], field.attributes["inputmode"], field.attributes["autocomplete"]) == ("tel",) * 3
    return field.attributes["value"]


async def test_a_new_number_may_be_written_in_groups_and_its_code_goes_to_e164(both: ProfileAndApp) -> None:
    page = await changing(both, "+48\u00a0600-201-777")
    assert page.status == 200, page.text
    await both.pz_worker.send_due()
    message = both.phones.messages[-1]
    assert message.recipient == "+48600201777"
    assert "Zmiana numeru telefonu na 600 201 777" in message.body


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("6002017", "Wpisz numer telefonu, na przykład 600 100 200"),
        (ABROAD, "Podaj inny numer: numerów z tego kraju nie obsługujemy"),
        ("22 123 45 67", "Podaj numer komórkowy: na stacjonarny nie dojdzie SMS"),
    ],
)
async def test_a_number_that_is_refused_is_told_why_and_shown_back_as_typed(
    both: ProfileAndApp, typed: str, said: str
) -> None:
    page = await changing(both, typed)
    assert page.status == 422
    assert said in page.text
    assert shown_back(page) == typed


async def test_a_foreign_number_gets_its_code_where_the_operator_takes_it(both: ProfileAndApp) -> None:
    sms = msgspec.structs.replace(both.pz.settings.sms, foreign_numbers=("UA",))
    system = both.running[0].system
    assert isinstance(system, TrustedProfileSystem)
    both.running[0].application._system = replace(system, settings=msgspec.structs.replace(system.settings, sms=sms))
    page = await changing(both, ABROAD)
    assert page.status == 200, page.text
    await both.pz_worker.send_due()
    assert both.phones.messages[-1].recipient == "+380501234567"


def test_the_entry_form_takes_any_phone_since_no_message_goes_there() -> None:
    good = dict.fromkeys(FORM_FIELDS, "yes") | {"terms_version": "1", "email": "a@b.pl", "email_again": "a@b.pl"}
    for typed, kept in (("22 123 45 67", "+48221234567"), ("0048 600 100 200", "+48600100200"), ("", None)):
        read = read_registration(good | {"phone": typed}, "1", 0)
        assert not isinstance(read, Faulty)
        assert read.phone == kept
    abroad = read_registration(good | {"phone": ABROAD}, "1", 0)
    assert isinstance(abroad, Faulty)
    assert abroad.problems == {"phone": "phone.fault.foreign"}
    taken = read_registration(good | {"phone": ABROAD}, "1", 0, TakenNumbers(foreign=True))
    assert not isinstance(taken, Faulty)


def test_every_field_for_a_phone_brings_the_keyboard_and_the_number_of_a_phone() -> None:
    fields = [
        line
        for path in templates()
        for line in path.read_text("utf-8").splitlines()
        if 'c.input("phone' in line or 'field("phone"' in line
    ]
    assert len(fields) > 5
    for field in fields:
        assert field.count('"tel"') == 3, field
        assert "40)" in field or "maxlength=40" in field or "maxlength=longest" in field, "room for every usual writing"

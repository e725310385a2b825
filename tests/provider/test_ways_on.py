"""A refusal leads on to the bank's own page that helps, where the bank has one (P8)."""

import pytest

from poreka.provider.release.ways_on import HELPING, ways_on
from poreka.provider.rules.eligibility import Reason
from poreka.web.settings.contact import HelpLinks
from tests.support.bank_visits import signed_in
from tests.support.server import Demo
from tests.support.visit import Visitor

LINKS = HelpLinks(branches="https://b.example/", open_account="https://a.example/", activate_sms="https://s.example/")


@pytest.mark.parametrize("reason", Reason)
def test_a_bank_without_such_pages_leads_nowhere(reason: Reason) -> None:
    assert not [*ways_on(reason, HelpLinks())]


@pytest.mark.parametrize(
    ("reason", "names"),
    [
        (Reason.IDENTITY_NOT_VERIFIED, ["branches"]),
        (Reason.NO_CURRENT_ACCOUNT, ["open_account"]),
        (Reason.NO_PHONE, ["activate_sms", "branches"]),
        (Reason.CODES_SPENT, []),
    ],
)
def test_each_reason_leads_to_what_helps(reason: Reason, names: list[str]) -> None:
    assert [name for name, _ in ways_on(reason, LINKS)] == names


def test_every_link_helps_with_something() -> None:
    assert {name for names in HELPING.values() for name in names} == set(HelpLinks.__struct_fields__)


@pytest.mark.parametrize(("key", "link"), [("piotr", "Znajdź placówkę"), ("ewa", "Zobacz, jak otworzyć konto")])
def test_who_is_refused_is_led_on(demo: Demo, visitor: Visitor, key: str, link: str) -> None:
    page = signed_in(demo, visitor, key, "/finances/services").submit("Zaloguj")
    assert page.status == 403
    assert page.has("a[href^='tel:']")
    assert page.follow(link).status == 200


def test_the_help_page_has_them_all(demo: Demo, visitor: Visitor) -> None:
    page = visitor.open(demo.url("millenet", "/help"))
    for link in ("Znajdź placówkę", "Zobacz, jak otworzyć konto", "Podaj numer telefonu"):
        assert page.follow(link).status == 200

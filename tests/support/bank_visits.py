"""Steps at a bank that several tests take: signing in with the two characters, going to a service, the code.

Everything is read from the demo's contract (people, messages), nothing from the inside.
"""

import re

from tests.support.server import Demo
from tests.support.visit import Page, Visitor
from tests.support.waiting import looks


def account(demo: Demo, key: str, system: str = "millenet") -> dict[str, str]:
    accounts: list[dict[str, str]] = demo.person(key)["accounts"]
    return next(one for one in accounts if one["system"] == system)


def asked_places(page: Page) -> dict[str, int]:
    """The places of the identifier that the page asks for, by field."""
    form = page.form_with("Zaloguj", {})
    return {name: int(name.split("_")[1]) for name in form.fields if name.startswith("characters_")}


def with_characters(demo: Demo, page: Page, key: str, *, password: str | None = None) -> Page:
    """Answer the second page of the sign-in."""
    own = account(demo, key)
    answers = {name: own["identifier"][place - 1] for name, place in asked_places(page).items()}
    return page.submit("Zaloguj", password=own["password"] if password is None else password, **answers)


def signed_in(demo: Demo, visitor: Visitor, key: str, path: str = "/", bank: str = "millenet") -> Page:
    """Sign in at a bank and arrive at `path`."""
    page = visitor.open(demo.url(bank, path))
    if bank != "millenet":
        own = account(demo, key, bank)
        return page.submit("Zaloguj", number=own["login"], password=own["password"])
    return with_characters(demo, page.submit("Dalej", number=account(demo, key)["login"]), key)


def to_the_portal(demo: Demo, visitor: Visitor, key: str) -> Page:
    """Bank first (P1): sign in, services, `Zaloguj`."""
    return signed_in(demo, visitor, key, "/finances/services").submit("Zaloguj")


def code_sent(demo: Demo, key: str, number: str) -> str:
    """The newest code of the operation, once its message has arrived."""
    for _ in looks():
        for message in demo.messages(key):
            found = re.search(rf"Kod SMS nr {number}: (\d{{6}})", message["text"])
            if found:
                return found.group(1)
    raise AssertionError(f"no message about operation {number}")


def operation_number(page: Page) -> str:
    found = re.search(r"Operacja nr (\d+) z \d\d-\d\d-\d{4}", page.text)
    assert found, page.text
    return found.group(1)


def consented(page: Page) -> Page:
    """Tick the box and go on."""
    return page.submit("Dalej", consent="yes")


def at_the_portal(demo: Demo, visitor: Visitor, key: str) -> Page:
    """The whole entry, from the bank to the portal: with consent, code and contact data if they are asked for."""
    page = to_the_portal(demo, visitor, key)
    if page.has("#consent"):
        page = consented(page)
        page = page.submit("Zaloguj", code=code_sent(demo, key, operation_number(page)))
    assert page.url.startswith(demo.origin("pue")), page.text
    if page.has('[name="email_again"]'):
        email = f"{key}@poczta.example"
        page = page.submit("Dalej", email=email, email_again=email, regulations="yes", contact_data="yes")
    return page


def signed_out_of_the_portal(demo: Demo, visitor: Visitor) -> bool:
    """Whether the portal's session ends within a few seconds, without anyone having clicked there."""
    return any(not visitor.open(demo.url("pue", "/dashboard")).url.endswith("/dashboard") for _ in looks())

"""Steps at the trusted profile that several tests take: making one through the bank, signing in, confirming."""

import re

from tests.support.bank_visits import account, code_sent, consented, operation_number, with_characters
from tests.support.server import Demo
from tests.support.visit import Page, Visitor
from tests.support.waiting import looks

CHOSEN = "trzy-Sowy-na-dachu-7"


def ids(demo: Demo, key: str) -> set[str]:
    return {one["id"] for one in demo.messages(key)}


def new_message(demo: Demo, key: str, seen: set[str], channel: str = "sms") -> str:
    """The text that comes after those already seen."""
    for _ in looks():
        for one in demo.messages(key):
            if one["id"] not in seen and one["channel"] == channel:
                return str(one["text"])
    raise AssertionError(f"nothing came to {key} by {channel}")


def code_in(text: str) -> str:
    found: list[str] = re.findall(r"(?<!\d)\d{6}(?!\d)", text)
    return found[-1]


def through_bank(demo: Demo, visitor: Visitor, key: str) -> Page:
    """To making a profile, or into the one there is, by Millenet's word."""
    page = visitor.open(demo.url("pz", "/create")).submit("Millenet")
    if "millenet" in page.url:
        page = (
            page.submit("Dalej", number=account(demo, key)["login"])
            if page.has("[name=number]:not([readonly])")
            else page
        )
        page = with_characters(demo, page, key) if page.has("[name=password]") else page
    if page.has("#consent"):
        page = consented(page)
        page = page.submit("Zaloguj", code=code_sent(demo, key, operation_number(page)))
    elif "millenet" in page.url:
        seen = ids(demo, key)
        page = page.submit("Wyślij kod SMS")
        page = page.submit("Zaloguj", code=code_in(new_message(demo, key, seen)))
    return page


def contact_given(demo: Demo, page: Page, key: str) -> Page:
    """Phone and e-mail, both confirmed; ends where name and password are chosen."""
    person, seen = demo.person(key), ids(demo, key)
    email = person["email"]
    page = page.submit("Dalej", phone=person["phone"], email=email, regulations="yes")
    page = page.submit("Potwierdź", code=code_in(new_message(demo, key, seen)))
    return page.submit("Potwierdź", code=code_in(new_message(demo, key, seen, "email")))


def made(page: Page, user_name: str, password: str = CHOSEN) -> Page:
    return page.submit("Załóż profil", user_name=user_name, password=password, password_again=password)


def by_password(demo: Demo, visitor: Visitor, user_name: str, password: str, page: str = "/profile") -> Page:
    """User name and password at the trusted profile."""
    asked = visitor.open(demo.url("pz", f"/sign-in?next={page}"))
    return asked.submit("Zaloguj", number=user_name, password=password)


def confirmed(demo: Demo, page: Page, key: str) -> Page:
    """Have the code sent, unless it went out with the password, and type it."""
    page = page if page.has("#code") else page.submit("Wyślij kod SMS")
    return page.submit("Potwierdź", code=code_shown(demo, page, key))


def code_shown(demo: Demo, page: Page, key: str) -> str:
    """The code of the operation on the page: the same number and the same words stand in the SMS."""
    number = operation_number(page)
    for _ in looks():
        for one in demo.messages(key):
            sms = re.fullmatch(r"[^;]+; (.+); Kod SMS nr (\d+): (\d{6})", one["text"])
            if sms and sms[1] in page.text and sms[2] == number:
                return sms[3]
    raise AssertionError(f"no message about operation {number}")


def inside(demo: Demo, visitor: Visitor, key: str) -> Page:
    """Signed in with both factors."""
    own = account(demo, key, "pz")
    page = confirmed(demo, by_password(demo, visitor, own["login"], own["password"]), key)
    assert page.url.endswith("/profile"), page.text
    return page

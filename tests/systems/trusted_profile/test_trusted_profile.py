"""The trusted profile as its owners and others meet it: made, used, changed, ended, and attacked (T1–T6)."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.bank_visits import account, signed_in
from tests.support.owner_visits import (
    CHOSEN,
    by_password,
    code_in,
    code_shown,
    confirmed,
    contact_given,
    ids,
    inside,
    made,
    new_message,
    through_bank,
)
from tests.support.server import Demo, start, stop
from tests.support.visit import Page, Visitor
from tests.support.waiting import looks

Visitors = Callable[[], Visitor]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demonstration of these tests' own: each takes people whom no other takes."""
    running = start(tmp_path_factory.mktemp("trusted"))
    yield running
    stop(running)


def is_out(demo: Demo, visitor: Visitor, system: str, path: str) -> bool:
    """Whether a session ends within a few seconds, without anyone having clicked there."""
    return any(not visitor.open(demo.url(system, path)).url.endswith(path) for _ in looks())


def through_portal(demo: Demo, visitor: Visitor, key: str) -> Page:
    """Into the portal by the trusted profile, with whatever is asked for on the way."""
    own = account(demo, key, "pz")
    page = visitor.open(demo.url("pue")).submit("Profil Zaufany")
    page = page.submit("Zaloguj", number=own["login"], password=own["password"])
    page = page.submit("Dalej", consent="yes") if page.has("#consent") else page
    page = page.submit("Potwierdź", code=code_shown(demo, page, key))
    email = demo.person(key)["email"]
    return page.submit("Dalej", email=email, email_again=email, regulations="yes", contact_data="yes")


def test_a_person_has_one_profile_whatever_is_tried(place: Demo, new_visitor: Visitors) -> None:
    """Two tabs finish at once: one profile; later the bank's word opens it instead of making another (T1)."""
    one = new_visitor()
    page = contact_given(place, through_bank(place, one, "jan"), "jan")
    first, second = made(page, "jan.pierwszy"), made(page, "jan.drugi")
    assert "jan.pierwszy" in first.text
    assert second.status == 403, "the second tab is of before the sign-in, and told so"
    assert through_bank(place, new_visitor(), "jan").url.endswith("/profile")
    refused = by_password(place, new_visitor(), "jan.drugi", CHOSEN)
    assert refused.status == 422


def test_an_expired_profile_does_not_stand_in_the_way_of_a_new_one(place: Demo, new_visitor: Visitors) -> None:
    """Helena's ended last month: its password opens nothing, and she makes a new one with the same name (T2)."""
    old = account(place, "helena", "pz")
    assert by_password(place, new_visitor(), old["login"], old["password"]).status == 422
    page = made(contact_given(place, through_bank(place, new_visitor(), "helena"), "helena"), old["login"])
    assert "Profil Zaufany jest ważny" in page.text
    assert "/operation/" in by_password(place, new_visitor(), old["login"], CHOSEN).url


def test_not_me_ends_everything_at_once_and_the_portal_is_told(place: Demo, new_visitor: Visitors) -> None:
    """T6: sessions, tokens, the relying parties; then neither the password nor another try gets in."""
    at_portal, owner, own = new_visitor(), new_visitor(), account(place, "stanislaw", "pz")
    assert through_portal(place, at_portal, "stanislaw").url.endswith("/dashboard")
    inside(place, owner, "stanislaw")
    seen = ids(place, "stanislaw")
    page = owner.open(place.url("pz", "/profile/not-me")).submit("Zablokuj profil")
    assert "Profil jest zablokowany" in page.text
    assert is_out(place, at_portal, "pue", "/dashboard")
    assert by_password(place, new_visitor(), own["login"], own["password"]).status == 422
    assert "zablokowany" in new_message(place, "stanislaw", seen, "email")
    new = through_bank(place, new_visitor(), "stanislaw")
    assert "/new/" in new.url, "a locked profile gives way to a new one"
    assert "Profil Zaufany jest ważny" in made(contact_given(place, new, "stanislaw"), "stanislaw.nowy").text


def test_a_consent_withdrawn_at_the_bank_ends_the_profiles_session_too(place: Demo, new_visitor: Visitors) -> None:
    """The session rests on the bank's word; what the bank takes back ends it, by back-channel logout."""
    owner = new_visitor()
    page = through_bank(place, owner, "lukasz")
    if "/new/" in page.url:  # another test has not made it yet
        page = made(contact_given(place, page, "lukasz"), "lukasz.z.banku")
    assert owner.open(place.url("pz", "/profile")).url.endswith("/profile"), page.text
    bank = new_visitor()
    page = signed_in(place, bank, "lukasz", "/settings/security/consents").follow("Wycofaj")
    page.submit("Wycofaj zgodę")
    assert is_out(place, owner, "pz", "/profile")


def test_a_password_alone_opens_none_of_the_owners_pages(place: Demo, new_visitor: Visitors) -> None:
    """T3: every page inside asks for the second factor first."""
    visitor, own = new_visitor(), account(place, "agnieszka", "pz")
    by_password(place, visitor, own["login"], own["password"])
    own_pages = ("", "/details", "/history", "/extend", "/contact/phone", "/password", "/invalidate", "/not-me")
    shared = ("/settings/security/consents", "/settings/security/tools", "/settings/security/tools/lost")
    for path in (*(f"/profile{one}" for one in own_pages), *shared):
        page = visitor.open(place.url("pz", path))
        assert "/operation/" in page.url, path
        assert own["login"] not in page.text


def test_ending_and_making_anew_is_no_way_round_a_changed_phone(place: Demo, new_visitor: Visitors) -> None:
    """An open session, at the bank and here: the end takes the owner's tool, the bank asks anew, another phone waits a
    day, and the owner hears of it at the earlier phone and address (T1, T6)."""
    owner = new_visitor()
    page = through_bank(place, owner, "lukasz")
    if "/new/" in page.url:  # another test has not made it yet
        made(contact_given(place, page, "lukasz"), "lukasz.prawdziwy")
    page = owner.open(place.url("pz", "/profile/invalidate")).submit("Unieważnij")
    assert "/operation/" in page.url
    assert owner.open(place.url("pz", "/profile")).url.endswith("/profile"), "nothing has ended yet"
    seen = ids(place, "lukasz")
    page = owner.open(page.url).submit("Wyślij kod SMS")
    sms = new_message(place, "lukasz", seen)
    assert "; Unieważnienie Profilu Zaufanego; " in sms
    assert page.submit("Potwierdź", code=code_in(sms)).url.endswith("/ended/invalidated")
    assert "unieważniony" in new_message(place, "lukasz", seen, "email")
    assert not owner.open(place.url("pz", "/profile")).url.endswith("/profile")

    page = owner.open(place.url("pz", "/create")).submit("Millenet")
    assert "/sign-in/" in page.url, "the bank's open session is no answer"
    thief, seen, seen_there = place.person("zofia"), ids(place, "lukasz"), ids(place, "zofia")
    page = through_bank(place, new_visitor(), "lukasz")
    email = thief["email"]
    page = page.submit("Dalej", phone=thief["phone"], email=email, regulations="yes")
    page = page.submit("Potwierdź", code=code_in(new_message(place, "zofia", seen_there)))
    page = made(page.submit("Potwierdź", code=code_in(new_message(place, "zofia", seen_there, "email"))), "lukasz.obcy")
    assert "jeszcze nie działa" in page.text
    assert by_password(place, new_visitor(), "lukasz.obcy", CHOSEN).status == 422
    assert "Nowy Profil Zaufany na Twoje dane" in new_message(place, "lukasz", seen, "email")
    told = [one["text"] for one in place.messages("lukasz") if one["id"] not in seen and one["channel"] == "sms"]
    assert any("z innym telefonem" in one for one in told)

    again = contact_given(place, through_bank(place, new_visitor(), "lukasz"), "lukasz")
    assert "Profil Zaufany jest ważny" in made(again, "lukasz.odzyskany").text, "the earlier phone answers: at once"
    assert by_password(place, new_visitor(), "lukasz.obcy", CHOSEN).status == 422


def test_a_changed_phone_needs_both_phones_and_the_others_are_out(place: Demo, new_visitor: Visitors) -> None:
    """Takeover by another phone: a code to the new one is not enough, and the owner is told (T6)."""
    here, elsewhere, own = new_visitor(), new_visitor(), account(place, "agnieszka", "pz")
    inside(place, here, "agnieszka")
    inside(place, elsewhere, "agnieszka")
    other_phone = place.person("zofia")["phone"]
    seen, seen_there = ids(place, "agnieszka"), ids(place, "zofia")
    page = here.open(place.url("pz", "/profile/contact/phone"))
    page = page.submit("Dalej", phone=other_phone)
    page = page.submit("Potwierdź", code=code_in(new_message(place, "zofia", seen_there)))
    assert "/operation/" in page.url, "the tool that is left has to say yes, too"
    details = here.open(place.url("pz", "/profile/details")).text
    assert own["login"] in details
    assert other_phone[-3:] not in details, "nothing is changed before"
    page = confirmed(place, here.open(page.url), "agnieszka")
    assert "Numer telefonu zmieniony" in page.text
    assert other_phone[-3:] in here.open(place.url("pz", "/profile/details")).text
    assert "/sign-in/" in elsewhere.open(place.url("pz", "/profile")).url
    assert "numer telefonu" in new_message(place, "agnieszka", seen, "email")


def test_an_answer_counts_for_its_own_deed_only(place: Demo, new_visitor: Visitors) -> None:
    """Two operations side by side: the code of one is wrong for the other; another browser has neither."""
    owner = new_visitor()
    page = made(contact_given(place, through_bank(place, owner, "anna"), "anna"), "anna.z.banku")
    seen = ids(place, "anna")
    extension = owner.open(place.url("pz", "/profile/extend")).submit("Przedłuż").submit("Wyślij kod SMS")
    code = code_in(new_message(place, "anna", seen))
    password = owner.open(place.url("pz", "/profile/password"))
    common = password.submit("Dalej", present=CHOSEN, password="Wiosna2026!!", password_again="Wiosna2026!!")
    assert "zbyt łatwe do odgadnięcia" in common.text
    new = "cztery-Sowy-na-dachu-8"
    page = common.submit("Dalej", present=CHOSEN, password=new, password_again=new).submit("Wyślij kod SMS")
    assert page.submit("Potwierdź", code=code).status == 422
    stranger = new_visitor()
    by_password(place, stranger, "anna.z.banku", CHOSEN)
    assert stranger.open(extension.url).status == 410
    assert "Profil przedłużony" in extension.submit("Potwierdź", code=code).text
    assert by_password(place, new_visitor(), "anna.z.banku", new).status == 422, "the password is the old one still"


def test_who_has_a_profile_is_told_by_nothing(place: Demo, new_visitor: Visitors) -> None:
    """The same page for a wrong password, an unknown name, an unknown e-mail, and one that somebody has."""
    known = account(place, "agnieszka", "pz")["login"]
    pages = [
        by_password(place, new_visitor(), name, "nie-to-haslo-nigdy-9")
        for name in (known, "nikt.taki", place.person("agnieszka")["email"], "nikt@poczta.example")
    ]
    assert len({(page.status, page.heading, page.text) for page in pages}) == 1


def test_user_names_cannot_be_tried_in_bulk(place: Demo, new_visitor: Visitors) -> None:
    """A name that is taken is told only to who confirmed a phone and an address, ten times."""
    page = contact_given(place, through_bank(place, new_visitor(), "maria"), "maria")
    for _ in range(10):
        page = made(page, "agnieszka.pawlak")
        assert "zajęta" in page.text
    assert "Zbyt wiele" in made(page, "wolna.nazwa").text


def test_an_application_is_no_profile_yet(place: Demo, new_visitor: Visitors) -> None:
    """T1: until a clerk has confirmed it, its password opens nothing; the number came by e-mail."""
    visitor, person = new_visitor(), place.person("ewa")
    page = visitor.open(place.url("pz", "/create")).submit("Wypełnij wniosek")
    names = {"first_name": person["first_name"], "surname": person["last_name"], "pesel": person["pesel"]}
    page = contact_given(place, page.submit("Dalej", **names), "ewa")
    seen = ids(place, "ewa")
    assert "Wniosek złożony" in made(page, "ewa.z.wniosku").text
    assert "Numer wniosku" in new_message(place, "ewa", seen, "email")
    assert by_password(place, new_visitor(), "ewa.z.wniosku", CHOSEN).status == 422


def test_three_wrong_codes_end_the_making_of_a_profile(place: Demo, new_visitor: Visitors) -> None:
    page, person = through_bank(place, new_visitor(), "krzysztof"), place.person("krzysztof")
    if "/new/" not in page.url:
        page = new_visitor().open(place.url("pz", "/create")).submit("Wypełnij wniosek")
        names = {"first_name": person["first_name"], "surname": person["last_name"], "pesel": person["pesel"]}
        page = page.submit("Dalej", **names)
    seen, email = ids(place, "krzysztof"), person["email"]
    page = page.submit("Dalej", phone=person["phone"], email=email, regulations="yes")
    right = code_in(new_message(place, "krzysztof", seen))
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(2):
        page = page.submit("Potwierdź", code=wrong)
        assert page.status == 422
    page = page.submit("Potwierdź", code=wrong)
    assert "Trzy razy wpisano błędny kod" in page.heading

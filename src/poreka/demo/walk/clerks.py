"""The clerk's desk, walked: an application confirmed, in person or by video, or refused; four eyes (T1, T6).

Two clerks, each with a browser and an authenticator in software. Their links are made on the start page, as an operator
makes them elsewhere. Who applies or has a profile is somebody new each time: a walk can be repeated.
"""

import re
from dataclasses import dataclass
from html import unescape

from poreka.demo.walk import phones, ways
from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.demo.walk.orders import method_chosen
from poreka.demo.walk.trusted_profile import CHOSEN, CODE, CONTACT, CREDENTIALS, NEW, OPERATION, PZ, confirm
from poreka.demo.walk.visitor import Page, Visitor, WalkFailed
from poreka.demo.walk.walk import Person, Walk, code_in, expect

DESK = "clerk"
GRAZYNA, ROBERT = "grazyna.lis", "robert.sowa"
LINK = re.compile(r"/key#([0-9A-Z]{12})\b")
DIGITS = re.compile(r'class="p-facts__number">(\d\d)<')
FILED = re.compile(r"Numer wniosku: (\d{10})")
CASE, PROPOSAL = r"/applications/\d{10}", r"/proposals/[^/]+"
CHECKED = {"document": "identity_card", "photo_fits": "yes", "data_agree": "yes"}


def signs_of(path: str) -> re.Pattern[str]:
    """Where a form that goes to this path says what its key signs."""
    return re.compile(rf'action="{path}"[^>]* data-words="([^"]*)" data-signs="([^"]*)"')


@dataclass
class Clerk:
    """A clerk at the desk."""

    visitor: Visitor
    authenticator: Authenticator

    def decide(self, page: Page, path: str, **answers: str) -> Page:
        """Fill in the form of a decision, and sign it with the key."""
        form, signs = page.form(path), signs_of(path).search(page.body)
        if form is None or signs is None:
            raise WalkFailed(f"no form to sign goes to {path}: {page.describe()}")
        typed = {**form.fields, **answers}
        lines = [unescape(signs[1]), *(f"{name}={typed.get(name, '')}" for name in signs[2].split())]
        credential = self.authenticator.get(challenge_for(form.fields["token"], "\n".join(lines)))
        return page.submit(path, **answers, credential=credential)

    def open(self, walk: Walk, path: str) -> Page:
        """A page of the desk."""
        return self.visitor.open(walk.url(DESK, path))


def in_person(walk: Walk) -> None:
    """Applied for online, confirmed by a clerk in person; the profile is valid at once (T1)."""
    person = walk.person("zofia")
    user_name = _fresh_name(walk, person)
    number = applied(walk, person, user_name)
    clerk = at_desk(walk, GRAZYNA)
    with walk.step("desk: found by its number, compared, confirmed"):
        page = clerk.open(walk, "/").submit("/applications", number=number).at(DESK, CASE)
        page = clerk.decide(page.follow(CASE + "/confirm/office"), CASE + "/confirm/office", **CHECKED)
        expect("Wniosek potwierdzony" in page.words, "not confirmed", page)
    with walk.step("pz: the owner signs in with what was chosen in the application"):
        visitor = walk.visitor()
        signed_in(walk, visitor, person, user_name)
    with walk.step("pz: invalidated by the owner, so that another walk can begin anew"):
        page = visitor.open(walk.url(PZ, "/profile/invalidate")).submit("/profile/invalidate")
        confirm(walk, page, person).at(PZ, "/ended/invalidated")


def by_video(walk: Walk) -> None:
    """Confirmed in a video call: the call is the office's own, its reference is recorded (T1)."""
    person = walk.person("krzysztof")
    user_name = _fresh_name(walk, person)
    number = applied(walk, person, user_name)
    clerk = at_desk(walk, ROBERT)
    with walk.step("desk: the link to the call has the case's number; what was checked is recorded"):
        page = clerk.open(walk, f"/applications/{number}").follow(CASE + "/confirm/video")
        expect(any(link.endswith(number) for link in page.read.links), "no link to the call", page)
        page = clerk.decide(page, CASE + "/confirm/video", **CHECKED, call="NAGR-1")
        expect("Wniosek potwierdzony" in page.words, "not confirmed", page)
    with walk.step("pz: the owner signs in, and invalidates it again"):
        visitor = walk.visitor()
        signed_in(walk, visitor, person, user_name)
        page = visitor.open(walk.url(PZ, "/profile/invalidate")).submit("/profile/invalidate")
        confirm(walk, page, person).at(PZ, "/ended/invalidated")


def refused(walk: Walk) -> None:
    """Refused with a reason, which the applicant is told (T1)."""
    person = walk.person("marek")
    number = applied(walk, person, _fresh_name(walk, person))
    clerk, seen = at_desk(walk, GRAZYNA), walk.messages(person)
    with walk.step("desk: refused; the applicant is told why"):
        page = clerk.open(walk, f"/applications/{number}").follow(CASE + "/refuse")
        page = clerk.decide(page, CASE + "/refuse", way="office", reason="data_differ", note="")
        expect("Wniosek odrzucony" in page.words, "not refused", page)
        expect("są inne niż w dokumencie" in mail(walk, person, seen), "the reason is not told")


def invalidation(walk: Walk) -> None:
    """One clerk proposes an invalidation, another one approves; the owner is out at once (T6)."""
    person = walk.person("piotr")
    user_name = _fresh_name(walk, person)
    grazyna, robert = made_valid(walk, person, user_name)
    owner = walk.visitor()
    with walk.step("pz: the owner is signed in"):
        signed_in(walk, owner, person, user_name)
    with walk.step("desk: proposed by one, who cannot approve it; approved by the other"):
        page = proposed(walk, grazyna, person, "invalidation", reason="owner_asked", note="")
        expect(page.form(PROPOSAL + "/reject") is None, "who proposed may decide", page)
        approved(walk, robert, page)
    with walk.step("pz: the owner is out, and the password opens nothing"):
        expect(ways.asks_to_sign_in(owner.open(walk.url(PZ, "/profile"))), "still inside")
        expect(not by_name(walk, walk.visitor(), user_name).form(OPERATION), "the password still opens it")


def death(walk: Walk) -> None:
    """After a death the profile ends, and nobody is written to (T6)."""
    person = walk.person("tomasz")
    user_name = _fresh_name(walk, person)
    grazyna, robert = made_valid(walk, person, user_name)
    with walk.step("desk: proposed with the document's reference, approved by the other"):
        approved(walk, robert, proposed(walk, grazyna, person, "death", reference="Akt zgonu 77/2027", note=""))
        told = any("stracił ważność" in message["text"] for message in walk.messages(person))
        expect(not told, "somebody was written to")


def renamed(walk: Walk) -> None:
    """Names change in the register: the profile stays valid, and tells the new ones from then on (T6)."""
    person = walk.person("olena")
    user_name = _fresh_name(walk, person)
    grazyna, robert = made_valid(walk, person, user_name)
    with walk.step("desk: the new surname proposed, approved by the other"):
        facts = {"first_name": person.first_name, "surname": "Nowa-Sroka", "pesel": person.pesel}
        page = proposed(walk, grazyna, person, "change", **facts, reference="USC 5/2027", note="")
        approved(walk, robert, page)
    with walk.step("pz: signed in anew, under the new name; then invalidated for another walk"):
        visitor = walk.visitor()
        page = signed_in(walk, visitor, person, user_name).follow("/profile/details")
        expect("Nowa-Sroka" in page.words, "the new name is not there", page)
        page = visitor.open(walk.url(PZ, "/profile/invalidate")).submit("/profile/invalidate")
        confirm(walk, page, person).at(PZ, "/ended/invalidated")


def owner_asked(walk: Walk) -> None:
    """The owner at the desk confirms in the app what the clerk is about to propose; another clerk decides (T6)."""
    person, owner = walk.person("agnieszka"), walk.visitor()
    phone = phones.connected(walk, owner, person)
    method_chosen(walk, owner, person, phone)
    grazyna, robert = at_desk(walk, GRAZYNA), at_desk(walk, ROBERT)
    with walk.step("desk: the owner is asked in the app, with a case's number; phone: approved by its key"):
        page = grazyna.open(walk, "/profiles").submit("/profiles", pesel=person.pesel)
        page = page.submit(r"/profiles/[^/]+/ask").at(DESK, r"/profiles/[^/]+/ask/[^/]+")
        digits = DIGITS.search(page.body)
        expect(digits, "no digits are shown", page)
        question = phones.waiting(walk, phone)
        expect("Unieważnienie profilu, sprawa" in question.words, "it does not say what for", question)
        done = phone.signed(question, r"/requests/[^/]+/approve", digits[1] if digits else "")
        expect("Potwierdzono" in done.words, "not approved", done)
    with walk.step("desk: the proposal says that the owner confirmed; the other clerk rejects it"):
        page = phones.looked_until_over(walk, page, r"/profiles/[^/]+/ask/[^/]+").at(
            DESK, r"/profiles/[^/]+/invalidation"
        )
        page = grazyna.decide(page, r"/profiles/[^/]+/invalidation", reason="owner_asked", note="").at(DESK, PROPOSAL)
        expect("potwierdził w aplikacji" in page.words, "the owner's word is not noted", page)
        page = robert.decide(robert.open(walk, page.path), PROPOSAL + "/reject", note="")
        expect("Odrzucona" in page.words, "not rejected", page)
    phones.sms_again(walk, owner, person, phone)
    with walk.step("pz: the phone is removed"):
        phones.removed(walk, owner)


def applied(walk: Walk, person: Person, user_name: str) -> str:
    """An application filed online; returns its number, which came by e-mail (T1)."""
    visitor = walk.visitor()
    with walk.step("pz: an application with the person's own facts, phone and e-mail confirmed"):
        names = {"first_name": person.first_name, "surname": person.last_name, "pesel": person.pesel}
        page = visitor.open(walk.url(PZ, "/create")).submit("/apply").submit(NEW + "/facts", **names)
        seen = walk.messages(person)
        page = page.submit(CONTACT, phone=person.phone, email=person.email, regulations="yes")
        sms = walk.new_message(person, seen)
        seen = walk.messages(person)
        page = page.submit(CODE, code=code_in(sms))
        page = page.submit(CODE, code=code_in(walk.new_message(person, seen)))
        seen = walk.messages(person)
        page.submit(CREDENTIALS, user_name=user_name, password=CHOSEN, password_again=CHOSEN)
        found = FILED.search(mail(walk, person, seen))
        expect(found, "no number came")
    return found[1] if found else ""


def at_desk(walk: Walk, login: str) -> Clerk:
    """A clerk with a new key, signed in."""
    authenticator = Authenticator(walk.address.origin(DESK))
    clerk = Clerk(walk.visitor(), authenticator)
    with walk.step(f"desk: {login} registers a key by a link, and signs in with it"):
        page = walk.visitor().open(walk.url("start", "/clerks")).press("/clerks", "login", login)
        link = LINK.search(page.words)
        expect(link, "no link is shown", page)
        page = clerk.open(walk, "/key").submit("/key", code=link[1] if link else "")
        form = page.form(r"/key/[^/]+")
        expect(form is not None, "no key is asked for", page)
        token = form.fields["token"] if form else ""
        page = page.submit(r"/key/[^/]+", credential=authenticator.create(challenge_for(token)))
        form = page.at(DESK, "/sign-in").form("/sign-in")
        token = form.fields["token"] if form else ""
        page.submit("/sign-in", credential=authenticator.get(challenge_for(token))).at(DESK, "/")
    return clerk


def made_valid(walk: Walk, person: Person, user_name: str) -> tuple[Clerk, Clerk]:
    """A valid profile, made by application and clerk; and the two clerks."""
    number = applied(walk, person, user_name)
    grazyna, robert = at_desk(walk, GRAZYNA), at_desk(walk, ROBERT)
    with walk.step("desk: confirmed in person"):
        page = grazyna.open(walk, f"/applications/{number}/confirm/office")
        page = grazyna.decide(page, CASE + "/confirm/office", **CHECKED)
        expect("Wniosek potwierdzony" in page.words, "not confirmed", page)
    return grazyna, robert


def proposed(walk: Walk, clerk: Clerk, person: Person, act: str, **fields: str) -> Page:
    """Found by the PESEL, and something proposed."""
    page = clerk.open(walk, "/profiles").submit("/profiles", pesel=person.pesel).at(DESK, r"/profiles/[^/]+")
    page = page.follow(rf"/profiles/[^/]+/{act}")
    return clerk.decide(page, rf"/profiles/[^/]+/{act}", **fields).at(DESK, PROPOSAL)


def approved(walk: Walk, clerk: Clerk, proposal: Page) -> None:
    """The other clerk approves what was proposed."""
    page = clerk.decide(clerk.open(walk, proposal.path), PROPOSAL + "/approve")
    expect("Zatwierdzona" in page.words, "not approved", page)


def by_name(walk: Walk, visitor: Visitor, user_name: str) -> Page:
    """User name and password; ends where the second factor is asked for."""
    page = visitor.open(walk.url(PZ, "/sign-in?next=/profile"))
    return page.submit(ways.PASSWORD, number=user_name, password=CHOSEN)


def signed_in(walk: Walk, visitor: Visitor, person: Person, user_name: str) -> Page:
    """With both factors."""
    page = by_name(walk, visitor, user_name)
    expect(page.form(OPERATION) is not None, "the password opens nothing", page)
    return confirm(walk, page, person).at(PZ, "/profile")


def mail(walk: Walk, person: Person, seen: list[dict[str, str]]) -> str:
    """The next e-mail to somebody."""
    known = {message["id"] for message in seen}

    def look() -> str | None:
        new = (one for one in walk.messages(person) if one["id"] not in known and one["channel"] == "email")
        return next((one["text"] for one in new), None)

    return walk.soon(look, f"an e-mail for {person.key}")


def _fresh_name(walk: Walk, person: Person) -> str:
    """A user name that nobody has."""
    return f"{person.key}.{walk.now()}"

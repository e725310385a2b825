"""What a portal keeps beside profiles: acceptances, kept forms, questions, and its view of the register."""

from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.portal.store.insured import InsuranceRegister, Insured, InsuredPerson, InsuredRole
from poreka.systems.portal.store.kept_forms import KeptForm, KeptForms
from poreka.systems.portal.store.questions import Question, Questions
from poreka.systems.portal.store.terms_acceptances import TermsAcceptance, TermsAcceptances
from tests.support import samples
from tests.support.engines import NOW

BROWSER = b"b" * 32


async def test_acceptances_add_up(database: Database) -> None:
    acceptances = TermsAcceptances(database)
    made = [
        TermsAcceptance(profile_id="f1", terms_version=str(n), boxes=("regulations",), accepted_at=NOW + n)
        for n in range(2)
    ]
    await database.insert(*(acceptances.adding(one) for one in made))
    assert await acceptances.of_profile("f1") == made[::-1]
    assert await acceptances.of_profile("f2") == []


async def test_a_kept_form_waits_for_its_person_in_its_browser_until_it_is_sent(
    database: Database, seal: Seal, fresh: Fresh
) -> None:
    forms = KeptForms(database, seal, fresh)
    kept = KeptForm(
        id="k1",
        browser_hash=BROWSER,
        person_id="p1",
        form="question",
        fields=(("body", "zażółć"), ("body", "")),
        expires_at=NOW + 60,
    )
    await database.insert(forms.adding(kept))
    assert await forms.waiting(b"o" * 32, "p1", NOW) == []
    assert await forms.waiting(BROWSER, "p2", NOW) == []
    assert await forms.waiting(BROWSER, "p1", NOW + 60) == []
    assert await forms.waiting(BROWSER, "p1", NOW) == [kept]
    for browser, person, form in ((b"o" * 32, "p1", "question"), (BROWSER, "p2", "question"), (BROWSER, "p1", "other")):
        assert await forms.forget(database, browser, person, form) == 0
    assert await forms.forget(database, BROWSER, "p1", "question") == 1
    assert await forms.waiting(BROWSER, "p1", NOW) == []


async def test_questions_of_a_profile(database: Database, seal: Seal, fresh: Fresh) -> None:
    questions = Questions(database, seal, fresh)
    made = [Question(id=f"q{n}", profile_id="f1", subject="inne", body="Pytanie", asked_at=NOW) for n in (1, 2)]
    await database.insert(*(questions.adding(one) for one in made))
    assert await questions.of_profile("f1") == made[::-1]


async def test_the_register_knows_or_does_not(database: Database, seal: Seal, fresh: Fresh) -> None:
    insured = Insured(database, seal, fresh)
    person = InsuredPerson(facts=samples.facts(), roles=(InsuredRole.INSURED, InsuredRole.PAYER))
    await database.insert(insured.adding(person))
    register: InsuranceRegister = insured
    assert await register.find(samples.pesel()) == person
    assert await register.find(samples.pesel(2)) is None

"""The walk itself: how it reads pages, that a wrong turn is told, and one whole walk over real HTTP."""

import pytest

from poreka.demo.presets import Address
from poreka.demo.walk.forms import PageReader
from poreka.demo.walk.journeys import JOURNEYS
from poreka.demo.walk.visitor import Page, Visitor, WalkFailed
from poreka.demo.walk.walk import Person, Walk
from tests.cli.conftest import Run

TEXT = """<html><head><title>Not words</title></head><body>
<h1>Zgoda <b>na</b> dane</h1><a href="/help">Pomoc</a>
<form method="post" action="/give"><input type="hidden" name="csrf_token" value="t">
<input type="checkbox" name="ok" value="yes">
<textarea name="body">
Kept &amp; safe</textarea>
<select name="subject"><option value="">-</option><option value="b" selected>B</option></select>
<button type="button">Show</button><button type="submit" name="do" value="give">Go</button>
<button formaction="/stop">Stop</button>
</form><script>var pesel = 1;</script></body></html>"""


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    page = PageReader(TEXT)
    assert page.heading == "Zgoda na dane"
    assert page.links == ["/help"]
    (form,) = page.forms
    assert form.fields == {"csrf_token": "t", "body": "Kept & safe", "subject": "b"}
    assert form.boxes == {"ok": "yes"}
    assert form.buttons == [("/give", "do", "give"), ("/stop", "", "")]
    assert "Not words" not in page.words
    assert "pesel" not in page.words


def test_a_wrong_turn_is_told_without_secrets() -> None:
    page = Page(Visitor(), "http://pue.localhost:1/entry?code=secret", 404, TEXT)
    with pytest.raises(WalkFailed, match="wanted 200 at pue/dashboard, got 404 at pue/entry") as failed:
        page.at("pue", "/dashboard")
    assert "secret" not in str(failed.value)
    with pytest.raises(WalkFailed, match="no field nonsense"):
        page.submit("/give", nonsense="x")
    with pytest.raises(WalkFailed, match="no form goes to /away"):
        page.submit("/away")


def test_a_pesel_in_an_address_ends_a_walk() -> None:
    with pytest.raises(WalkFailed, match="PESEL"):
        Visitor().open("http://pue.localhost:1/entry/83041741039")


def test_cookies_belong_to_their_host() -> None:
    visitor = Visitor()
    visitor._keep("a.localhost:1", 'session="s1"; Path=/; HttpOnly')
    visitor._keep("a.localhost:1", "language=pl; Max-Age=31536000")
    visitor._keep("a.localhost:1", 'session=""; Max-Age=0')
    assert visitor.cookies == {"a.localhost:1": {"language": "pl"}}


def test_a_letter_that_comes_meanwhile_is_not_taken_for_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    jan = Person("jan", "Jan", "Próbny", "", "", "", {})
    sms = {"id": "1", "channel": "sms", "text": "Kod 123456"}
    letter = {"id": "2", "channel": "letter", "text": "01: 654321"}
    monkeypatch.setattr(Walk, "messages", lambda walk, person: [letter, sms])
    walk = Walk(Address(8000), tell=lambda name, seconds: None)
    assert walk.new_message(jan, seen=[]) == sms["text"]


def test_journeys_have_names_of_their_own_and_say_what_they_are() -> None:
    names = [journey.name for journey in JOURNEYS]
    assert len(set(names)) == len(names) >= 60
    assert all(journey.about for journey in JOURNEYS)


@pytest.mark.timeout(180)
def test_every_journey_can_be_walked(run: Run) -> None:
    ended = run("demo", "--walk")
    assert ended.code == 0, [line for line in ended.out.splitlines() if "FAILED" in line]
    assert "all passed" in ended.out
    assert int(ended.out.rpartition(" links in ")[0].rpartition(" ")[2]) > 500, "and so does every link on the way"


def test_one_journey_can_be_walked_over_tls(run: Run) -> None:
    ended = run("demo", "--walk", "withdraw", "--tls")
    assert ended.code == 0, ended.out
    assert "1 journeys" in ended.out

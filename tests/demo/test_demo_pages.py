"""The demonstration's own pages and their JSON contract, over ASGI; and that they are nowhere else."""

import datetime
import json
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from poreka.cli.single import build_single
from poreka.delivery.demo_messages import DemoMessage, DemoMessages
from poreka.demo.federation import Demonstration, build_demonstration
from poreka.demo.phone import routes as phone
from poreka.demo.presets import Address, preset
from poreka.demo.start import routes as start
from poreka.demo.start.duration import MOST_SECONDS, DurationRefused, read_duration, write_duration
from poreka.demo.systems import Phone
from poreka.kinds import kind_of
from poreka.provider.store.clients import Clients
from poreka.running.foundation import open_database, read_secrets
from poreka.settings import settings_from
from poreka.store.migrate import upgrade
from poreka.systems.bank import routes as bank
from poreka.systems.portal import routes as portal
from poreka.web.settings.every_kind import SettingsError
from tests.support.asgi import AsgiBrowser, Site

ADDRESS = Address(8000)
NOT_USED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demonstration(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demonstration]:
    built = await build_demonstration(tmp_path_factory.mktemp("demo"), ADDRESS, NOT_USED)
    yield built
    await built.stop()


def site(built: Demonstration, key: str) -> Site:
    return Site(built.application, ADDRESS.origin(key))


async def advance(
    built: Demonstration, body: bytes, content_type: str = "application/json"
) -> tuple[int, dict[str, object]]:
    answer = await site(built, "start").call("POST", "/clock", body=body, headers=[("content-type", content_type)])
    return answer.status_code, answer.json()


class TestPeople:
    async def test_the_contract(self, demonstration: Demonstration) -> None:
        people = (await site(demonstration, "start").call("GET", "/people.json")).json()["people"]
        fields = {"key", "first_name", "last_name", "pesel", "phone", "email", "situation", "accounts"}
        assert all(person.keys() == fields for person in people)
        assert all(isinstance(person["situation"], str) for person in people)
        accounts = [account for person in people for account in person["accounts"]]
        assert all(account.keys() == {"system", "login", "password", "identifier"} for account in accounts)

    async def test_everyone_of_the_contract_is_there_with_the_situation(self, demonstration: Demonstration) -> None:
        answer = await site(demonstration, "start").call("GET", "/people.json")
        people = {person["key"]: person for person in answer.json()["people"]}
        named = "jan anna piotr ewa marek zofia olena tomasz krzysztof maria lukasz barbara stanislaw helena"
        assert set(named.split()) <= people.keys()
        assert people["maria"]["accounts"][1]["system"] == "pue"
        assert people["lukasz"]["last_name"] == "Żółć"

    async def test_situations_are_told_in_the_readers_language(self, demonstration: Demonstration) -> None:
        english = [("accept-language", "en")]
        answer = await site(demonstration, "start").call("GET", "/people.json", headers=english)
        assert "customer" in answer.json()["people"][0]["situation"]


class TestClock:
    async def test_it_moves_forward_for_every_system(self, demonstration: Demonstration) -> None:
        before = (await site(demonstration, "start").call("GET", "/clock.json")).json()
        status, after = await advance(demonstration, b'{"advance": "PT1H30M"}')
        assert status == 200
        assert after.keys() == {"now", "advanced", "advanced_seconds"}
        moved = datetime.datetime.fromisoformat(str(after["now"])) - datetime.datetime.fromisoformat(before["now"])
        assert 5400 <= moved.total_seconds() <= 5402
        assert datetime.datetime.fromisoformat(str(after["now"])).tzinfo is not None
        clocks = {running.system.clock() for running in demonstration.systems}
        assert max(clocks) - min(clocks) <= 1

    @pytest.mark.parametrize(
        ("body", "word"),
        [
            (b'{"advance": "-P1D"}', "forward"),
            (b'{"advance": "P1M"}', "months"),
            (b'{"advance": "tomorrow"}', "ISO 8601"),
            (b'{"advance": "PT0S"}', "longer"),
            (b'{"advance": "P3654D"}', "ten years"),
            (b'{"advance": 14}', "JSON"),
            (b'{"advance": "P1D", "system": "pue"}', "JSON"),
            (b"{}", "JSON"),
            (b"[", "JSON"),
            (b"\xff", "JSON"),
        ],
    )
    async def test_anything_else_is_refused_clearly(self, demonstration: Demonstration, body: bytes, word: str) -> None:
        status, answer = await advance(demonstration, body)
        assert status == 400
        assert answer["error"] == "invalid_request"
        assert word in str(answer["error_description"])

    async def test_another_content_type_is_refused(self, demonstration: Demonstration) -> None:
        status, _ = await advance(demonstration, b'{"advance": "P1D"}', "text/plain")
        assert status == 415

    async def test_a_body_that_is_too_large_is_refused(self, demonstration: Demonstration) -> None:
        status, _ = await advance(demonstration, json.dumps({"advance": "P1D" * 30_000}).encode())
        assert status == 413

    async def test_the_form_moves_it_and_a_wrong_period_is_told_beside_the_field(
        self, demonstration: Demonstration
    ) -> None:
        browser = AsgiBrowser(site(demonstration, "start"), "pl")
        page = await browser.open("/")
        wrong = await page.submit("/clock", custom="P1Y")
        assert wrong.status == 422
        assert "podaj dni" in wrong.text
        right = await wrong.submit("/clock", custom="pt5m")
        assert right.path.startswith("/")
        assert right.status == 200

    async def test_a_form_of_another_site_does_not_move_it(self, demonstration: Demonstration) -> None:
        answer = await site(demonstration, "start").call("POST", "/clock", form={"advance": "P1D"})
        assert answer.status_code == 403


class TestDuration:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("P14D", 1_209_600),
            ("PT1S", 1),
            ("P1DT2H3M4S", 93_784),
            ("P2W", 1_209_600),
            ("PT90M", 5400),
            ("P3653D", MOST_SECONDS),
        ],
    )
    def test_periods_are_read_and_written(self, text: str, seconds: int) -> None:
        assert read_duration(text) == seconds
        assert read_duration(write_duration(seconds)) == seconds

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("", "unreadable"), ("P", "unreadable"), ("PT", "unreadable"), ("P1DT", "unreadable"),
            ("14", "unreadable"), ("p1d", "unreadable"), ("P1D ", "unreadable"), ("P1.5D", "unreadable"),
            ("P1W1D", "unreadable"),
            ("P١D", "unreadable"), ("P1Y", "calendar"), ("P1M", "calendar"), ("-P1D", "backward"),
            ("P0D", "zero"), ("P3654D", "too_long"), ("P999999D", "too_long"),
            ("P" + "9" * 5000 + "D", "unreadable"),
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, text: str, kind: str) -> None:
        with pytest.raises(DurationRefused) as refused:
            read_duration(text)
        assert refused.value.kind == kind

    def test_nothing_is_written_as_nothing(self) -> None:
        assert write_duration(0) == "PT0S"
        assert write_duration(86_400 + 3600) == "P1DT1H"


class TestPhone:
    async def test_messages_come_newest_first(self, demonstration: Demonstration) -> None:
        found = next(one.system for one in demonstration.systems if isinstance(one.system, Phone))
        messages = DemoMessages(found.database)
        for number, (channel, to) in enumerate(
            (("sms", "+48600201011"), ("email", "jan@poczta.example"), ("sms", "+48600201018"))
        ):
            message = DemoMessage(
                id=f"m{number}", idempotency_key=f"k{number}", channel=channel, recipient=to, sender="BANK",
                text=f"text {number}", sent_at=1_800_000_000 + number,
            )  # fmt: skip
            await messages.deliver(message)
        answer = await site(demonstration, "phone").call("GET", "/messages.json?person=jan")
        assert answer.json() == [
            {
                "id": "m1",
                "channel": "email",
                "sent_at": "2027-01-15T09:00:01+01:00",
                "sender": "BANK",
                "text": "text 1",
            },
            {
                "id": "m0",
                "channel": "sms",
                "sent_at": "2027-01-15T09:00:00+01:00",
                "sender": "BANK",
                "text": "text 0",
            },
        ]
        page = await AsgiBrowser(site(demonstration, "phone"), "pl").open("/jan")
        assert page.text.index("text 1") < page.text.index("text 0")
        assert "text 2" not in page.text

    @pytest.mark.parametrize(
        ("query", "status", "error"),
        [
            ("?person=nobody", 404, "not_found"),
            ("", 400, "invalid_request"),
            ("?person=", 400, "invalid_request"),
            ("?person=jan&person=anna", 400, "invalid_request"),
            ("?person=jan&limit=1", 400, "invalid_request"),
            ("?person=%ff", 400, "invalid_request"),
        ],
    )
    async def test_anything_else_is_refused_as_json(
        self, demonstration: Demonstration, query: str, status: int, error: str
    ) -> None:
        answer = await site(demonstration, "phone").call("GET", f"/messages.json{query}")
        assert (answer.status_code, answer.json()["error"]) == (status, error)

    async def test_pages(self, demonstration: Demonstration) -> None:
        browser = AsgiBrowser(site(demonstration, "phone"), "en")
        assert "Jan Kowalski" in (await browser.open("/")).text
        assert (await browser.open("/nobody")).status == 404
        empty = await browser.open("/ewa")
        assert "no messages yet" in empty.text


class TestStart:
    @pytest.mark.parametrize("language", ["pl", "en"])
    async def test_the_page_shows_people_systems_clients_and_the_clock(
        self, demonstration: Demonstration, language: str
    ) -> None:
        page = await AsgiBrowser(site(demonstration, "start"), language).open("/")
        for shown in ("Jan Kowalski", "21570133", "cichy-brzeg-jan-10", "Millenet", "sandbox-fapi", "PT16M"):
            assert shown in page.text
        links = [node.attributes.get("href") for node in page.html.css("a")]
        assert {"http://pue.localhost:8000/", "http://phone.localhost:8000/jan"} <= set(links)

    async def test_the_shown_configuration_is_json_and_for_the_bank(self, demonstration: Demonstration) -> None:
        page = await AsgiBrowser(site(demonstration, "start"), "en").open("/")
        shown = [json.loads(node.text()) for node in page.html.css("pre")]
        assert [client["client_id"] for client in shown] == ["sandbox", "sandbox-fapi"]
        assert all(client["issuer"] == "http://millenet.localhost:8000" for client in shown)

    async def test_plain_localhost_shows_it_too(self, demonstration: Demonstration) -> None:
        answer = await Site(demonstration.application, "http://localhost:8000").call("GET", "/people.json")
        assert answer.status_code == 200


class TestOutsideTheDemonstration:
    def test_no_other_app_has_its_routes(self) -> None:
        demo_only = {route.path for route in (*start.ROUTES, *phone.ROUTES)} - {"/", "/{key}"}
        answers = {f"/{{key}}/requests/{{request}}{ending}" for ending in ("", "/approve", "/refuse")}
        assert (
            demo_only
            == {
                "/people.json",
                "/clerks",
                "/clock",
                "/clock.json",
                "/messages.json",
                "/certificates/{file}",
                "/outside",
            }
            | answers
        )
        assert not demo_only & {route.path for route in (*bank.ROUTES, *portal.ROUTES)}

    @pytest.mark.parametrize("key", ["start", "phone"])
    def test_its_systems_cannot_be_configured(self, key: str) -> None:
        tables = msgspec.to_builtins(preset(key, Address(443, "https")))
        tables["system"]["demo"] = False
        with pytest.raises(SettingsError, match=r"system\.kind: exists in the demonstration only"):
            settings_from(tables, "x.toml")

    @pytest.mark.parametrize("key", ["millenet", "pue"])
    async def test_a_real_system_has_no_demo_routes_and_a_bank_no_clients(self, tmp_path: Path, key: str) -> None:
        tables = msgspec.to_builtins(preset(key, Address(443, "https")))
        tables["system"] |= {"demo": False, "origin": f"https://{key}.example"}
        gateway = {"kind": "http", "name": "operator", "url": "https://sms.example/"}
        tables["sms"] = {"sender": "gateways", "gateways": [gateway]}
        tables["email"] = {"sender": "smtp", "host": "mail.example", "from_address": "no-reply@pue.example"}
        settings = settings_from(tables, "x.toml")
        read_secrets(tmp_path / settings.system.secrets, make=True)
        for url, parts in (
            (settings.system.database, kind_of(settings.system.kind).parts),
            ("sqlite:register.db", ("register",)),
        ):
            database = await open_database(url, tmp_path)
            await upgrade(database, parts, 1_800_000_000)
            await database.close()
        single = await build_single(settings, tmp_path)
        try:
            here = Site(single.application, f"https://{key}.example")
            for path in ("/people.json", "/clock.json", "/clock", "/messages.json?person=jan", "/jan"):
                assert (await here.call("GET", path)).status_code == 404, path
            assert (await here.call("POST", "/clock", body=b'{"advance": "P1D"}')).status_code == 404
            if key == "millenet":
                assert await Clients(single.system.database).all() == []
                refused = await here.call("GET", "/authorize?client_id=sandbox&response_type=code")
                assert refused.status_code == 400
        finally:
            await single.stop()

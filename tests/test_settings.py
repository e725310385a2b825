"""Which settings are refused, beyond wrong types: senders of messages, for each kind of system."""

import datetime
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from poreka.delivery.tool_settings import Push
from poreka.provider.settings.vouching import VouchingSettings
from poreka.rules.people.phone_number import POLISH, TakenNumbers
from poreka.settings import settings_from
from poreka.web.settings.every_kind import SettingsError

SMTP = {"sender": "smtp", "host": "mail.example", "from_address": "no-reply@pue.example"}
HTTP = {"name": "operator", "kind": "http", "url": "https://sms.example/"}
SMS = {"sender": "gateways", "gateways": [HTTP]}


def tables(preset: str, *, demo: bool, **more: Any) -> dict[str, Any]:
    """A system of the demonstration, or the same one in earnest, with tables put in."""
    text = resources.files("poreka.presets").joinpath(f"{preset}.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)
    found["system"] |= {} if demo else {"demo": False, "origin": f"https://{preset}.example"}
    return {**found, **more}


def fault(settings: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as refused:
        settings_from(settings, "x.toml")
    return str(refused.value).removeprefix("x.toml: ")


def test_a_bank_in_earnest_needs_an_sms_gateway_and_no_mail_server() -> None:
    assert fault(tables("millenet", demo=False)).startswith("sms.sender: ")
    assert fault(tables("millenet", demo=False, email=SMTP)).startswith("sms.sender: ")
    settings_from(tables("millenet", demo=False, sms=SMS), "x.toml")


def test_a_portal_in_earnest_needs_a_mail_server_and_no_sms_gateway() -> None:
    assert fault(tables("pue", demo=False)).startswith("email.sender: ")
    assert fault(tables("pue", demo=False, sms=SMS)).startswith("email.sender: ")
    settings_from(tables("pue", demo=False, email=SMTP), "x.toml")


PUSH = {"sender": "http", "url": "https://app.example/requests", "token_file": "a", "answers_secret_file": "b"}


def test_an_app_in_earnest_needs_its_back_end() -> None:
    def bank(**push: object) -> dict[str, Any]:
        found = tables("millenet", demo=False, sms=SMS, push=push)
        found["bank"]["tools"] = ["sms", "push"]
        return found

    assert fault(bank()).startswith("push.sender: demo_phone is a fake")
    settings_from(bank(**PUSH), "x.toml")
    for changed, key in (
        ({"url": "http://app.example/requests"}, "push.url"),
        ({"url": "app.example"}, "push.url"),
        ({"token_file": ""}, "push.token_file"),
        ({"answers_secret_file": ""}, "push.token_file"),
        ({"seconds": 60}, "push.seconds"),
        ({"life_seconds": 5}, "push.life_seconds"),
        ({"refusals": 0}, "push.refusals"),
        ({"pause_minutes": 0}, "push.refusals"),
    ):
        assert fault(bank(**(PUSH | changed))).startswith(f"{key}: "), changed
    settings_from(bank(**(PUSH | {"url": "http://127.0.0.1:9/requests"})), "x.toml")


def test_the_phone_app_in_earnest() -> None:
    def app(demo: bool = False, **changed: Any) -> dict[str, Any]:
        found = tables("mobywatel", demo=demo)
        found["system"] |= {"private_hosts": []}
        found["mobywatel"] |= {"contact": "mailto:app@office.example", **changed}
        found["mobywatel"]["askers"][0]["origin"] = changed.get("origin", "https://pz.example")
        found["mobywatel"].pop("origin", None)
        return found

    built = settings_from(app(), "x.toml")
    assert isinstance(built, VouchingSettings)
    assert built.vouching.tools == ("push",)
    twice = app()
    twice["mobywatel"]["askers"] *= 2
    for wrong, key in (
        (app(contact=""), "mobywatel.contact"),
        (app(contact="app@office.example"), "mobywatel.contact"),
        (app(origin="http://pz.example"), "mobywatel.askers"),
        (app(origin="https://pz.example/x"), "mobywatel.askers"),
        (app(origin="pz"), "mobywatel.askers"),
        (twice, "mobywatel.askers"),
        ({**app(), "bank": tables("millenet", demo=True)["bank"]}, "bank"),
        ({name: table for name, table in app().items() if name != "mobywatel"}, "mobywatel"),
    ):
        assert fault(wrong).startswith(f"{key}: ")


def test_a_profile_with_an_app_sends_its_requests_there() -> None:
    def profile(app: str, **push: str) -> dict[str, Any]:
        found = tables("pz", demo=False, sms=SMS, email=SMTP, push={**PUSH, **push})
        found["trusted_profile"]["app"] = app
        found["system"]["private_hosts"] = []
        return found

    built = settings_from(profile("https://app.example"), "x.toml")
    assert isinstance(built, VouchingSettings)
    assert built.vouching.tools == ("sms", "push")
    without = settings_from(profile(""), "x.toml")
    assert isinstance(without, VouchingSettings)
    assert without.vouching.tools == ("sms",)
    assert fault(profile("http://app.example")).startswith("trusted_profile.app: ")
    assert fault(profile("https://app.example/x")).startswith("trusted_profile.app: ")
    alone = {**profile("https://app.example"), "push": {}}
    assert fault(alone).startswith("trusted_profile.app: ")


@pytest.mark.parametrize("preset", ["millenet", "pue"])
def test_the_demonstration_needs_neither_and_may_have_a_mail_server(preset: str) -> None:
    assert settings_from(tables(preset, demo=True), "x.toml").email.sender == "demo_phone"
    settings_from(tables(preset, demo=True, email=SMTP | {"security": "none"}), "x.toml")


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"host": ""}, "email.host"),
        ({"host": "mail.example:587"}, "email.host"),
        ({"host": "smtp://mail.example"}, "email.host"),
        ({"port": 0}, "email.port"),
        ({"port": 65536}, "email.port"),
        ({"security": "none"}, "email.security"),
        ({"security": "none", "host": "localhost.evil.example"}, "email.security"),
        ({"security": "ssl"}, "email.security"),
        ({"sender": "sendmail"}, "email.sender"),
        ({"username": "pue"}, "email.username"),
        ({"password_file": "pue.password"}, "email.username"),
        ({"username": "żółw", "password_file": "pue.password"}, "email.username"),
        ({"from_address": ""}, "email.from_address"),
        ({"from_address": "PUE <no-reply@pue.example>"}, "email.from_address"),
        ({"from_address": "no-reply@pue.example\nBcc: eve@evil.example"}, "email.from_address"),
        ({"password": "x"}, "email"),
    ],
)
def test_what_is_wrong_with_a_mail_server_is_named(changed: dict[str, Any], key: str) -> None:
    assert fault(tables("pue", demo=False, email=SMTP | changed)).startswith(f"{key}: ")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_mail_server_on_this_machine_needs_no_encryption(host: str) -> None:
    settings = settings_from(tables("pue", demo=False, email=SMTP | {"security": "none", "host": host}), "x.toml")
    assert settings.email.security == "none"


def test_a_mail_server_that_is_signed_in_to() -> None:
    signed_in = SMTP | {"username": "pue", "password_file": "pue.password", "security": "tls", "port": 465}
    assert settings_from(tables("pue", demo=False, email=signed_in), "x.toml").email.port == 465


SMPP = {
    "name": "centre",
    "kind": "smpp",
    "host": "smsc.example",
    "system_id": "bank",
    "password_file": "centre.password",
}


def bank_with(*gateways: dict[str, Any], **sms: Any) -> dict[str, Any]:
    found = tables("millenet", demo=False, sms={"sender": "gateways", "gateways": list(gateways), **sms})
    found["system"]["private_hosts"] = ["sms.inside"]
    return found


def test_gateways_stand_in_the_order_of_the_file() -> None:
    settings = settings_from(bank_with(SMPP, HTTP, name="BANK"), "x.toml")
    assert [gateway.name for gateway in settings.sms.gateways] == ["centre", "operator"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "Operator"}, "name of its own"),
        ({"url": "sms.example"}, "operator: url must be an address"),
        ({"url": "http://sms.example/"}, "operator: url must be https"),
        ({"fields": {"to": "{to}", "text": "{text} {code}"}}, "a {word} that is not filled in"),
        ({"fields": {"to": "{to}"}}, "must hold {to} and {text}"),
        ({"fields": {"text": "{text}"}}, "must hold {to} and {text}"),
        ({"secret_file": "key"}, "secret_file goes together with {secret}"),
        ({"headers": {"authorization": "Bearer {secret}"}}, "secret_file goes together with {secret}"),
        ({"headers": {"x-report": "{report}"}}, "{report} goes together with delivered"),
        ({"delivered": ["1"]}, "{report} goes together with delivered"),
        ({"recognises": True, "fields": {"to": "{to}", "text": "{text}"}}, "recognises = true needs {id}"),
        ({"refusal": "("}, "must be regular expressions"),
        ({"known": "53"}, "known goes together with recognises"),
        ({"password": "x"}, "unknown field"),
        ({"kind": "carrier_pigeon"}, "Invalid value"),
    ],
)
def test_what_is_wrong_with_an_http_gateway_is_named(changed: dict[str, Any], said: str) -> None:
    told = fault(bank_with(HTTP | changed))
    assert told.startswith("sms.gateways")
    assert said in told


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"host": "smsc.example:2775"}, "host must be"),
        ({"port": 0}, "port must be"),
        ({"security": "none"}, "security none is for"),
        ({"system_id": "much-too-long-for-smpp"}, "system_id must be"),
        ({"system_type": "żółw"}, "system_type must be"),
        ({"url": "https://sms.example/"}, "unknown field"),
    ],
)
def test_what_is_wrong_with_an_sms_centre_is_named(changed: dict[str, Any], said: str) -> None:
    told = fault(bank_with(SMPP | changed, name="BANK"))
    assert told.startswith("sms.gateways")
    assert said in told


@pytest.mark.parametrize("name", ["PORĘKA", "much too long a name", "1234567890123456", ""])
def test_a_centre_takes_only_short_names(name: str) -> None:
    assert fault(bank_with(SMPP, name=name)).startswith("sms.name: ")


def examples() -> list[str]:
    text = (Path(__file__).parents[1] / "docs" / "operating.md").read_text("utf-8")
    return [
        block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if block.startswith("[[sms.gateways]]")
    ]


@pytest.mark.parametrize("example", examples())
def test_the_examples_of_the_manual_are_good(example: str) -> None:
    [gateway] = tomllib.loads(example)["sms"]["gateways"]
    settings_from(bank_with(gateway, name="BANK"), "x.toml")


def test_no_two_gateways_have_one_name() -> None:
    assert "name of its own" in fault(bank_with(HTTP, SMPP | {"name": "operator"}, name="BANK"))


def test_what_stays_inside_needs_no_encryption() -> None:
    near = {"url": "http://127.0.0.1:13013/cgi-bin/sendsms"}
    inside = {"security": "none", "host": "sms.inside"}
    assert settings_from(bank_with(HTTP | near, SMPP | inside, name="BANK"), "x.toml").sms.gateways


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"sender": "gateways", "gateways": []}, "sms.sender"),
        ({"country_code": "+48"}, "sms.country_code"),
        ({"country_code": "999"}, "sms.country_code"),
        ({"foreign_numbers": ["Ukraine"]}, "sms.foreign_numbers"),
        ({"foreign_numbers": "UA"}, "sms.foreign_numbers"),
        ({"most_an_hour": 0}, "sms.most_an_hour"),
        ({"most_a_day": 5}, "sms.most_an_hour"),
    ],
)
def test_what_is_wrong_with_sms_is_named(changed: dict[str, Any], key: str) -> None:
    assert fault(tables("millenet", demo=False, sms=SMS | changed)).startswith(f"{key}: ")


def test_whose_phone_numbers_are_taken() -> None:
    def taken(**changed: Any) -> TakenNumbers:
        return settings_from(
            tables("millenet", demo=True, sms={"sender": "demo_phone", **changed}), "x.toml"
        ).sms.numbers

    assert taken() == POLISH
    assert taken(foreign_numbers=["UA"]) == TakenNumbers(48, frozenset({"UA"}))
    assert taken(foreign_numbers=True, country_code="380") == TakenNumbers(380, foreign=True)


STATEMENT = "I agree that {provider} passes {data} to {service}."


def with_texts(*texts: dict[str, Any]) -> dict[str, Any]:
    """Millenet with texts of consents of its own."""
    found = tables("millenet", demo=True)
    whole = {"version": "2027-01", "valid_from": datetime.date(2027, 1, 1), "pl": [STATEMENT], "en": [STATEMENT]}
    found["bank"]["consent_texts"] = [{**whole, **text} for text in texts]
    return found


def test_texts_of_consents_come_with_their_days() -> None:
    later = {"version": "2028-01", "valid_from": "2028-01-01"}
    bank = settings_from(with_texts({}, later), "x.toml").bank
    assert bank is not None
    assert [text.valid_from.year for text in bank.consent_texts] == [2027, 2028]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (({"version": "2026-01"},), "same version"),
        (({}, {"valid_from": "2028-01-01"}), "same version"),
        (({}, {"version": "2028-01"}), "begin on the same day"),
        (({"en": ["Yes."]},), "en of '2027-01' must name {service} and {data}"),
        (({"pl": []},), "pl of '2027-01' must have sentences"),
        (({"pl": [STATEMENT, "{hotline}"]},), "pl of '2027-01' asks for {hotline}"),
        (
            ({"pl": [STATEMENT, "{service:dative}"]},),
            "pl of '2027-01' asks for {service:dative}; the cases are genitive",
        ),
        (({"valid_from": "soon"},), "bank.consent_texts[0].valid_from"),
    ],
)
def test_what_is_wrong_with_a_text_of_consents_is_named(texts: tuple[dict[str, Any], ...], told: str) -> None:
    found = fault(with_texts(*texts))
    assert found.startswith("bank.consent_texts")
    assert told in found


def test_the_trusted_profile_s_texts_of_consents_are_looked_at_like_a_bank_s() -> None:
    found = tables("pz", demo=True)
    text = {"version": "2027-01", "valid_from": "2027-01-01", "pl": ["Tak."], "en": [STATEMENT]}
    found["trusted_profile"]["consent_texts"] = [text]
    assert fault(found).startswith("trusted_profile.consent_texts: pl of '2027-01' must name {service} and {data}")


VIEW = {
    "source": "view",
    "database": "postgresql:///crm",
    "view": "crm.customers",
    "columns": {"identifier": "chosen", "identifier_kind": "kind", "sim_replaced_at": "sim"},
}
ELSEWHERE = {"source": "http", "url": "https://customers.bank.example/v1", "token_file": "directory.token"}


def test_customers_are_in_our_own_tables_unless_said_otherwise() -> None:
    assert settings_from(tables("millenet", demo=True), "x.toml").customers.source == "own"
    for customers in (VIEW, ELSEWHERE, ELSEWHERE | {"token_file": "", "certificate": "bank.pem"}):
        settings = settings_from(tables("millenet", demo=False, sms=SMS, customers=customers), "x.toml")
        assert settings.customers.source == customers["source"]


@pytest.mark.parametrize(
    ("customers", "key"),
    [
        ({"source": "ldap"}, "customers.source"),
        ({"seconds": 0}, "customers.seconds"),
        ({"seconds": 60}, "customers.seconds"),
        (VIEW | {"database": "mysql:x"}, "customers.database"),
        (VIEW | {"view": ""}, "customers.view"),
        (VIEW | {"view": "people; DROP TABLE x"}, "customers.view"),
        (VIEW | {"view": 'a"b'}, "customers.view"),
        (VIEW | {"columns": {**VIEW["columns"], "phone": 'a"b'}}, "customers.columns.phone"),  # type: ignore[dict-item]
        (VIEW | {"columns": {**VIEW["columns"], "phone": ""}}, "customers.columns.phone"),  # type: ignore[dict-item]
        (VIEW | {"columns": {**VIEW["columns"], "telephone": "x"}}, "customers.columns"),  # type: ignore[dict-item]
        (VIEW | {"columns": {**VIEW["columns"], "identifier": ""}}, "customers.columns.identifier"),  # type: ignore[dict-item]
        (VIEW | {"columns": {**VIEW["columns"], "sim_replaced_at": ""}}, "customers.columns.sim_replaced_at"),  # type: ignore[dict-item]
        (ELSEWHERE | {"url": "http://customers.bank.example/v1"}, "customers.url"),
        (ELSEWHERE | {"url": "https://user:secret@customers.bank.example/v1"}, "customers.url"),
        (ELSEWHERE | {"url": "https://customers.bank.example/v1?key=x"}, "customers.url"),
        (ELSEWHERE | {"url": ""}, "customers.url"),
        (ELSEWHERE | {"token_file": ""}, "customers.token_file"),
        (ELSEWHERE | {"token": "x"}, "customers"),
    ],
)
def test_what_is_wrong_with_customers_elsewhere_is_named(customers: dict[str, Any], key: str) -> None:
    assert fault(tables("millenet", demo=False, sms=SMS, customers=customers)).startswith(f"{key}: ")


OPERATOR = {
    "source": "http",
    "url": "https://api.operator.example/sim-swap/v2",
    "token_url": "https://api.operator.example/token",
    "client_id": "bank",
    "client_secret_file": "operator.secret",
}


def test_nobody_is_asked_about_sim_cards_unless_said_otherwise() -> None:
    assert settings_from(tables("millenet", demo=True), "x.toml").sim_swap.source == "none"
    for asked in (OPERATOR, OPERATOR | {"client_secret_file": "", "client_key_file": "key.jwk", "if_unknown": "allow"}):
        settings = settings_from(tables("millenet", demo=False, sms=SMS, sim_swap=asked), "x.toml")
        assert settings.sim_swap.source == "http"
    here = OPERATOR | {"url": "http://operator.localhost:1/v2", "token_url": "http://127.0.0.1:1/token"}
    assert settings_from(tables("millenet", demo=True, sim_swap=here), "x.toml")


@pytest.mark.parametrize(
    ("sim_swap", "key"),
    [
        ({"source": "guess"}, "sim_swap.source"),
        ({"source": "demo_table"}, "sim_swap.source"),
        (OPERATOR | {"if_unknown": "hope"}, "sim_swap.if_unknown"),
        (OPERATOR | {"seconds": 0}, "sim_swap.seconds"),
        (OPERATOR | {"seconds": 60}, "sim_swap.seconds"),
        (OPERATOR | {"url": "http://api.operator.example/sim-swap/v2"}, "sim_swap.url"),
        (OPERATOR | {"url": ""}, "sim_swap.url"),
        (OPERATOR | {"token_url": "https://user:secret@operator.example/"}, "sim_swap.token_url"),
        (OPERATOR | {"client_id": ""}, "sim_swap.client_id"),
        (OPERATOR | {"client_secret_file": ""}, "sim_swap.client_secret_file"),
        (OPERATOR | {"client_key_file": "key.jwk"}, "sim_swap.client_secret_file"),
        (OPERATOR | {"scope": ""}, "sim_swap.scope"),
        (OPERATOR | {"secret": "x"}, "sim_swap"),
    ],
)
def test_what_is_wrong_with_who_is_asked_is_named(sim_swap: dict[str, Any], key: str) -> None:
    assert fault(tables("millenet", demo=False, sms=SMS, sim_swap=sim_swap)).startswith(f"{key}: ")


def test_a_bank_that_asks_also_heeds_the_answer() -> None:
    asking = tables("millenet", demo=False, sms=SMS, sim_swap=OPERATOR)
    asking["bank"]["sim_pause_days"] = 101
    assert fault(asking).startswith("bank.sim_pause_days: ")
    asking["bank"] |= {"sim_pause_days": 3, "eligibility": ["no_phone"]}
    assert fault(asking).startswith("sim_swap.source: ")
    assert fault(tables("pue", demo=True, sim_swap={"source": "demo_table"})).startswith("sim_swap: ")


def test_only_a_bank_has_customers() -> None:
    assert fault(tables("pue", demo=True, customers=ELSEWHERE)).startswith("customers: ")


CERTIFICATES = {
    "origin": "https://certificate.pue.example",
    "authorities": "qualified.pem",
    "proxy_secret_file": "proxy.secret",
}


def test_a_portal_may_take_certificates() -> None:
    settings = settings_from(tables("pue", demo=False, email=SMTP, certificates=CERTIFICATES), "x.toml")
    assert settings.certificates is not None
    assert fault(tables("millenet", demo=True, certificates=CERTIFICATES)).startswith("certificates: ")


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"origin": "http://certificate.pue.example"}, "certificates.origin"),
        ({"origin": "https://certificate.pue.example/path"}, "certificates.origin"),
        ({"origin": "https://PUE.example"}, "certificates.origin"),
        ({"origin": ""}, "certificates.origin"),
        ({"authorities": ""}, "certificates.authorities"),
        ({"proxy_secret_file": ""}, "certificates.proxy_secret_file"),
    ],
)
def test_what_certificates_cannot_be_taken_with(changed: dict[str, str], key: str) -> None:
    settings = tables("pue", demo=False, email=SMTP, certificates=CERTIFICATES | changed)
    assert fault(settings).startswith(f"{key}: ")


def test_the_patient_account_and_its_app_name_one_another_safely() -> None:
    settings_from(tables("ikp", demo=True), "x.toml")
    settings_from(tables("mojeikp", demo=True), "x.toml")
    for file in ("app_token_file", "app_secret_file", "app"):
        found = tables("ikp", demo=True)
        del found["patient_account"][file]
        assert fault(found).startswith("patient_account.app: goes together")
    for wrong in ("http://mojeikp.example", "https://mojeikp.example/", "https://", "mojeikp.example"):
        found = tables("ikp", demo=True)
        found["patient_account"]["app"] = wrong
        assert fault(found).startswith("patient_account.app: must be https"), wrong
        app = tables("mojeikp", demo=True)
        app["mojeikp"]["account"] = wrong
        assert fault(app).startswith("mojeikp.account: must be https"), wrong
    alone = tables("ikp", demo=True)
    for file in ("app_token_file", "app_secret_file", "app"):
        del alone["patient_account"][file]
    assert settings_from(alone, "x.toml").patient_account is not None


@pytest.mark.parametrize("days", [0, 367])
def test_a_bound_device_may_lie_unused_for_a_year_at_most(days: int) -> None:
    found = tables("mojeikp", demo=True)
    found["mojeikp"]["unused_days"] = days
    assert "unused_days" in fault(found)


@pytest.mark.parametrize("one", ["127.0.0.1", "::1", "10.1.0.0/16", "fd00::/8"])
def test_a_proxy_is_trusted_by_its_address_or_network(one: str) -> None:
    settings = settings_from(tables("millenet", demo=True, server={"trusted_proxies": [one]}), "x.toml")
    assert settings.server.trusted_proxies == (one,)


@pytest.mark.parametrize("one", ["", "proxy.example", "10.1.0.1/16", "0.0.0.0/0", "::/0", "127.0.0.1:80"])
def test_whoever_is_no_address_is_no_trusted_proxy(one: str) -> None:
    assert fault(tables("millenet", demo=True, server={"trusted_proxies": [one]})).startswith("server.trusted_proxies")


SAID = {"version": "2026-09", "pl": ["Nowe."], "en": ["New."]}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([], "must say what '2026-09' (terms_version) changed"),
        ([{**SAID, "version": "2026-01"}], "must say what '2026-09' (terms_version) changed"),
        ([SAID, SAID], "two of them have the same version"),
        ([{**SAID, "pl": []}], "must have sentences in pl and in en"),
        ([{**SAID, "en": [" "]}], "must have sentences in pl and in en"),
    ],
)
def test_nobody_is_asked_to_accept_regulations_unheard(changes: list[dict[str, Any]], told: str) -> None:
    portal = tables("pue", demo=True)["portal"]
    assert isinstance(portal, dict)
    found = fault(tables("pue", demo=True, portal={**portal, "terms_changes": changes}))
    assert found.startswith("portal.terms_changes: ")
    assert told in found


def test_a_table_refuses_what_is_wrong_within_it_however_it_is_made() -> None:
    """The message is the one that whoever wrote the file reads, key first and without a place in the tree."""
    message = "push.seconds: must be a number from 1 to 10"
    assert fault(tables("millenet", demo=True, push={"seconds": 60})) == message
    with pytest.raises(ValueError, match=f"^{message}$"):
        Push(seconds=60)

"""Which settings are refused, beyond wrong types: senders of messages, for each kind of system."""

import tomllib
from importlib import resources
from typing import Any

import pytest

from poreka.settings import SettingsError, settings_from

SMTP = {"sender": "smtp", "host": "mail.example", "from_address": "no-reply@pue.example"}


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
    settings_from(tables("millenet", demo=False, sms={"sender": "http", "url": "https://sms.example/"}), "x.toml")


def test_a_portal_in_earnest_needs_a_mail_server_and_no_sms_gateway() -> None:
    assert fault(tables("pue", demo=False)).startswith("email.sender: ")
    gateway = {"sender": "http", "url": "https://sms.example/"}
    assert fault(tables("pue", demo=False, sms=gateway)).startswith("email.sender: ")
    settings_from(tables("pue", demo=False, email=SMTP), "x.toml")


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


VIEW = {
    "source": "view",
    "database": "postgresql:///crm",
    "view": "crm.customers",
    "columns": {"identifier": "chosen", "identifier_kind": "kind", "sim_replaced_at": "sim"},
}
HTTP = {"source": "http", "url": "https://customers.bank.example/v1", "token_file": "directory.token"}
SMS = {"sender": "http", "url": "https://sms.example/"}


def test_customers_are_in_our_own_tables_unless_said_otherwise() -> None:
    assert settings_from(tables("millenet", demo=True), "x.toml").customers.source == "own"
    for customers in (VIEW, HTTP, HTTP | {"token_file": "", "certificate": "bank.pem"}):
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
        (HTTP | {"url": "http://customers.bank.example/v1"}, "customers.url"),
        (HTTP | {"url": "https://user:secret@customers.bank.example/v1"}, "customers.url"),
        (HTTP | {"url": "https://customers.bank.example/v1?key=x"}, "customers.url"),
        (HTTP | {"url": ""}, "customers.url"),
        (HTTP | {"token_file": ""}, "customers.token_file"),
        (HTTP | {"token": "x"}, "customers"),
    ],
)
def test_what_is_wrong_with_customers_elsewhere_is_named(customers: dict[str, Any], key: str) -> None:
    assert fault(tables("millenet", demo=False, sms=SMS, customers=customers)).startswith(f"{key}: ")


def test_only_a_bank_has_customers() -> None:
    assert fault(tables("pue", demo=True, customers=HTTP)).startswith("customers: ")

"""Which settings are refused, beyond wrong types: senders of messages, for each kind of system."""

import datetime
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
        (({"pl": [STATEMENT, "{hotline}"]},), "pl of '2027-01' may have the placeholders"),
        (({"valid_from": "soon"},), "bank.consent_texts[0].valid_from"),
    ],
)
def test_what_is_wrong_with_a_text_of_consents_is_named(texts: tuple[dict[str, Any], ...], told: str) -> None:
    found = fault(with_texts(*texts))
    assert found.startswith("bank.consent_texts")
    assert told in found

"""`poreka client check`: faults end with 1; demands and warnings are those of the very registration."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from poreka.demo.clients import clients_at
from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registration_report import demands, warnings
from tests.cli.conftest import Run
from tests.cli.test_operating import registration

FAPI: dict[str, Any] = {
    "profile": "fapi2",
    "token_endpoint_auth_method": "private_key_jwt",
    "jwks_uri": "https://library.example/jwks",
    "claims": ["given_name", "pesel"],
    "scopes": ["openid", "identity"],
}


def said(run: Run, file: Path, *words: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("client", "check", file, "--json", *words).out)
    return told


def by_subject(points: list[dict[str, str]]) -> dict[str, str]:
    return {point["about"]: point["says"] for point in points}


def test_a_good_registration_ends_with_0_and_says_what_it_will_meet(run: Run, tmp_path: Path) -> None:
    ended = run("client", "check", registration(tmp_path))
    assert ended.code == 0
    assert "good  library  (openid)" in ended.out
    for words in ("client_secret_basic", "S256", "https://library.example/callback", "RS256", "60 s"):
        assert words in ended.out


def test_json_says_the_same(run: Run, tmp_path: Path) -> None:
    told = said(run, registration(tmp_path))
    assert (told["client_id"], told["faults"]) == ("library", [])
    wants = by_subject(told["demands"])
    assert wants["PKCE"] == "S256, in every request"
    assert wants["tokens"].startswith("bearer")
    assert "Spring" in by_subject(told["warnings"])["PKCE"]


def test_fapi2_wants_more_and_gives_more(run: Run, tmp_path: Path) -> None:
    told = said(run, registration(tmp_path, **FAPI, dpop_required=True, userinfo_signed_response_alg="ES256"))
    wants = by_subject(told["demands"])
    assert "/par" in wants["request"]
    assert "at most 300 s ahead" in wants["authentication"]
    assert "https://library.example/jwks" in wants["authentication"]
    assert "DPoP" in wants["tokens"]
    assert wants["facts"] == "by scope (identity, openid): given_name, pesel"
    assert "Authlib" in by_subject(told["warnings"])["authentication"]
    assert "JSON only" in by_subject(told["warnings"])["UserInfo"]


def test_what_is_registered_silences_its_warning(run: Run, tmp_path: Path) -> None:
    told = said(
        run,
        registration(
            tmp_path,
            id_token_signed_response_alg="RS256",
            require_pkce=False,
            claims=["given_name"],
            grant_types=["authorization_code", "refresh_token"],
            post_logout_redirect_uris=["https://library.example/bye"],
            backchannel_logout_uri="https://library.example/ended",
        ),
    )
    assert set(by_subject(told["warnings"])) == {"authentication", "e-mail"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"claims": ["pesel"]}, "pesel"),
        ({"redirect_uri": "https://x.example"}, "redirect_uri"),
        ({"redirect_uris": ["http://library.example/callback"]}, "http://library.example/callback"),
        ({"sandbox": True}, "sandbox"),
        ({"name": {"en": "Library"}}, "name"),
    ],
)
def test_a_bad_registration_ends_with_1_and_names_what_is_wrong(
    run: Run, tmp_path: Path, changed: dict[str, Any], named: str
) -> None:
    file = registration(tmp_path, **changed)
    ended = run("client", "check", file)
    assert (ended.code, named in ended.out) == (1, True)
    assert any(named in fault for fault in said(run, file)["faults"])


def test_a_file_that_is_not_there_or_no_json_is_told(run: Run, tmp_path: Path) -> None:
    assert run("client", "check", tmp_path / "nothing.json").code == 1
    (tmp_path / "broken.json").write_text("{")
    told = said(run, tmp_path / "broken.json")
    assert (told["client_id"], len(told["faults"])) == (None, 1)


def test_the_demonstration_allows_http(run: Run, tmp_path: Path) -> None:
    file = registration(tmp_path, redirect_uris=["http://library.localhost:9000/callback"])
    assert run("client", "check", file).code == 1
    assert run("client", "check", file, "--demo").code == 0


@pytest.mark.parametrize(
    "client", clients_at(lambda key: f"http://{key}.localhost", "pz"), ids=lambda one: one.client_id
)
def test_whatever_is_registered_can_be_told_without_anything_secret(client: Client) -> None:
    told = msgspec.json.encode([demands(client), warnings(client)]).decode()
    assert len(told) > 500
    assert client.secret_hash is None or client.secret_hash not in told

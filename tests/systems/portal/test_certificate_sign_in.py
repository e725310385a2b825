"""Signing in with a qualified certificate (Z1): real certificates, a real door, the proxy played by the test."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from poreka.rules.clocks import CLOCKS_DIFFER_BY
from poreka.rules.levels import Factor
from poreka.systems.portal.certificate.door import REASONS
from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.certificate_hand_overs import TICKET_SECONDS
from poreka.web.sessions import details_of
from tests.support.certificates import DAY, JAN, NOW, SEALS, Authority, Issued, qualified
from tests.support.portal_with_certificates import DOOR, PROXY, PortalWithCertificates, portal_with_certificates
from tests.support.scripted_provider import Person

KOWALSKI = Person(JAN["given_name"], JAN["surname"], JAN["serial_number"].removeprefix("PNOPL-"), "sub-jan")
FORM = {"phone": "", "email": "jan@poczta.example", "email_again": "jan@poczta.example", "terms_version": "2026-09",
        "regulations": "yes", "contact_data": "yes"}  # fmt: skip


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithCertificates]:
    async with portal_with_certificates(tmp_path) as running:
        yield running


async def audited(place: PortalWithCertificates, event: str) -> list[dict[str, Any]]:
    rows = await place.lone.portal.database.all("SELECT details FROM audit_entries WHERE event = $1", event)
    return [json.loads(row["details"]) for row in rows]


async def test_a_first_entry_shows_the_form_with_locked_facts_and_then_the_panel(place: PortalWithCertificates) -> None:
    jan = place.authority.issue(JAN)
    citizen = await place.citizen(jan).sign_in()
    assert citizen.path.startswith("/entry/")
    assert all(fact in citizen.words for fact in ("Jan", "Kowalski", KOWALSKI.pesel, "w Twoim certyfikacie"))
    assert not citizen.page.css(f"input[value='{KOWALSKI.pesel}']")
    await citizen.post(f"{citizen.path}/form", **FORM)
    await citizen.follow()
    assert citizen.path == "/dashboard"
    assert "Jan Kowalski" in citizen.response.text
    shown = await audited(place, "CertificateShown")
    fingerprint = place.authority.issue(JAN).certificate  # any other has another one
    assert [one["authority"] for one in shown] == ["CN=Urząd kwalifikowany"]
    assert shown[0]["thumbprint"] != fingerprint
    assert (await audited(place, "PersonEntered"))[0]["issuer"] == "certificate"
    assert (await audited(place, "ProfileCreated"))[0] == {"state": "trusted", "issuer": "certificate"}


async def test_the_session_is_high_by_its_own_factor(place: PortalWithCertificates) -> None:
    await place.lone.has_profile(KOWALSKI)
    citizen = await place.citizen(place.authority.issue(JAN)).sign_in()
    assert citizen.path == "/dashboard"
    cookie = citizen.client.cookies["session"]
    session = await place.lone.portal.sessions.by_cookie(cookie)
    assert session is not None
    assert session.factors == (Factor.CERTIFICATE,)
    assert details_of(session).acr == "http://eidas.europa.eu/LoA/high"
    await citizen.post("/sign-out")
    await citizen.follow()
    assert "zamknij wszystkie okna przeglądarki" in citizen.words.lower()


async def test_a_known_profile_whoever_made_it_is_the_same_account(place: PortalWithCertificates) -> None:
    profile = await place.lone.has_profile(KOWALSKI, first_name="JAN")
    citizen = await place.citizen(place.authority.issue(JAN)).sign_in()
    assert citizen.path == "/dashboard"
    sql = "SELECT person_id FROM audit_entries WHERE event = 'PersonEntered'"
    assert [row["person_id"] for row in await place.lone.portal.database.all(sql)] == [profile.id]


async def test_an_untrusted_profile_becomes_trusted_and_its_password_ends(place: PortalWithCertificates) -> None:
    untrusted = await place.lone.has_profile(KOWALSKI, state=ProfileState.UNTRUSTED, login="jan", password_hash="x")
    citizen = await place.citizen(place.authority.issue(JAN)).sign_in()
    await citizen.post(f"{citizen.path}/form", **FORM)
    await citizen.follow()
    assert citizen.path == "/dashboard"
    profile = await place.lone.portal.profiles.by_id(untrusted.id)
    assert profile is not None
    assert (profile.profile.state, profile.profile.trusted_by) == (ProfileState.TRUSTED, "certificate")
    assert (profile.login, profile.password_hash) == (None, None)


async def test_data_that_differ_are_refused_and_nothing_is_changed(place: PortalWithCertificates) -> None:
    profile = await place.lone.has_profile(KOWALSKI, surname="Dawny")
    citizen = await place.citizen(place.authority.issue(JAN)).sign_in()
    assert citizen.response.status_code == 403
    assert "Nazwisko" in citizen.words
    assert "poproś wystawcę o nowy" in citizen.words
    assert "Dawny" not in citizen.words
    assert await place.lone.portal.profiles.by_id(profile.id) == profile


async def test_data_that_differ_from_the_register_are_refused(place: PortalWithCertificates) -> None:
    await place.lone.is_insured(KOWALSKI, "Kowalska")
    citizen = await place.citizen(place.authority.issue(JAN)).sign_in()
    assert citizen.response.status_code == 403
    assert "rejestrze ubezpieczonych" in citizen.words


async def test_new_regulations_come_first(place: PortalWithCertificates) -> None:
    await place.lone.has_profile(KOWALSKI, terms_version="2025-03")
    citizen = await place.citizen(place.authority.issue(JAN)).sign_in()
    assert "Regulamin się zmienił" in citizen.words
    terms = {name: FORM[name] for name in ("terms_version", "regulations", "contact_data")}
    await citizen.post(f"{citizen.path}/terms", **terms)
    await citizen.follow()
    assert citizen.path == "/dashboard"


async def test_giving_up_the_registration_forgets_the_data(place: PortalWithCertificates) -> None:
    citizen = await place.citizen(place.authority.issue(JAN)).sign_in()
    entry = citizen.path
    await citizen.post(f"{entry}/cancel")
    await citizen.follow()
    assert "Rejestracja przerwana" in citizen.words
    assert "dane z certyfikatu zostały usunięte" in citizen.words
    await citizen.get(entry)
    assert citizen.response.status_code == 410


def turned_down(authority: Authority) -> dict[str, tuple[Issued | None, str]]:
    """Certificates that open nothing, and why."""
    stranger = Authority("Urząd kwalifikowany")
    return {
        "none": (None, "missing"),
        "not yet valid": (authority.issue(JAN, begins=NOW + 60), "not_yet_valid"),
        "expired": (authority.issue(JAN, ends=NOW - 60), "expired"),
        "a stranger's": (stranger.issue(JAN), "untrusted"),
        "signed by itself": (Issued(stranger.certificate, stranger.key), "untrusted"),
        "another purpose": (authority.issue(JAN, uses=("content_commitment",)), "purpose"),
        "a seal": (authority.issue(JAN, statements=qualified(SEALS)), "not_qualified"),
        "no list": (authority.issue(JAN, place=None), "not_checked"),
        "a list elsewhere": (authority.issue(JAN, place="http://crl.example/other"), "not_checked"),
        "no number": (authority.issue({**JAN, "serial_number": "1"}), "no_number"),
        "another country": (authority.issue(JAN, serial_number="PNOSK-8304174103"), "other_number"),
        "a passport": (authority.issue(JAN, serial_number="PASPL-ZZ1234567"), "other_number"),
        "twelve digits": (authority.issue(JAN, serial_number="PNOPL-851212569836"), "pesel"),
        "two surnames": (authority.issue(JAN, more=[("surname", "Nowak")]), "names"),
        "a pseudonym": (authority.issue(JAN, more=[("pseudonym", "Janek")]), "names"),
    }


@pytest.mark.parametrize("case", list(turned_down(Authority())))
async def test_a_certificate_that_opens_nothing(place: PortalWithCertificates, case: str) -> None:
    shown, reason = turned_down(place.authority)[case]
    citizen = await place.citizen(shown).sign_in()
    assert citizen.path == f"/certificate/refused/{reason}"
    assert citizen.page.css("a[href='/certificate']")
    assert KOWALSKI.pesel not in citizen.response.text
    assert await audited(place, "EntryFailed") == [{"issuer": "certificate", "reason": reason}]
    assert "session" not in citizen.client.cookies


async def test_every_reason_has_its_page(place: PortalWithCertificates) -> None:
    citizen = place.citizen()
    for reason in (*REASONS, "stale", "left"):
        assert (await citizen.get(f"/certificate/refused/{reason}")).response.status_code == 200
    assert (await citizen.get("/certificate/refused/nonsense")).response.status_code == 404


async def test_a_revoked_one(place: PortalWithCertificates) -> None:
    shown = place.authority.issue(JAN)
    place.shelf.lists[place.authority.place] = place.authority.list([shown])
    assert (await place.citizen(shown).sign_in()).path == "/certificate/refused/revoked"


@pytest.mark.parametrize("bad", [b"", b"not a list", Authority("x").list(), None])
async def test_nobody_enters_while_the_list_cannot_be_had(place: PortalWithCertificates, bad: bytes | None) -> None:
    place.shelf.lists = {} if bad is None else {place.authority.place: bad}
    assert (await place.citizen(place.authority.issue(JAN)).sign_in()).path == "/certificate/refused/not_checked"


async def test_a_list_counts_a_minute_beyond_its_end_and_not_a_second_longer(place: PortalWithCertificates) -> None:
    shown = place.authority.issue(JAN)
    assert (await place.citizen(shown).sign_in()).path.startswith("/entry/")
    place.shelf.lists.clear()
    place.lone.moment[0] = NOW + DAY + CLOCKS_DIFFER_BY - 1
    assert (await place.citizen(shown).sign_in()).path.startswith("/entry/")
    place.lone.moment[0] = NOW + DAY + CLOCKS_DIFFER_BY
    assert (await place.citizen(shown).sign_in()).path == "/certificate/refused/not_checked"


async def test_nothing_is_fetched_for_a_certificate_that_is_not_good(place: PortalWithCertificates) -> None:
    stranger = Authority("Obcy", place="http://169.254.169.254/latest")
    for shown in (stranger.issue(JAN), place.authority.issue(JAN, ends=NOW - 1)):
        await place.citizen(shown).sign_in()
    assert place.shelf.asked == []


async def test_the_ticket_works_once_in_time_and_in_the_browser_that_began(place: PortalWithCertificates) -> None:
    victim, thief = place.citizen(place.authority.issue(JAN)), place.citizen()
    back = await victim.knock(await victim.to_the_door())
    await thief.get("/certificate")
    assert (await thief.back(back)).response.status_code == 410
    place.lone.moment[0] += TICKET_SECONDS - 1
    assert (await victim.back(back)).response.status_code == 303
    assert (await victim.back(back)).response.status_code == 410
    late = await victim.knock(await victim.to_the_door())
    place.lone.moment[0] += TICKET_SECONDS
    assert (await victim.back(late)).response.status_code == 410


async def test_a_lured_browser_signs_nobody_in(place: PortalWithCertificates) -> None:
    """The attacker begins, and makes the victim's browser show its certificate: the ticket is with the victim."""
    attacker, victim = place.citizen(), place.citizen(place.authority.issue(JAN))
    address = await attacker.to_the_door()
    back = await victim.knock(address)
    await victim.get("/certificate")
    assert (await victim.back(back)).response.status_code == 410
    await attacker.get(f"/certificate/return?ticket={address.rpartition('/')[2]}")
    assert attacker.response.status_code == 410
    assert await attacker.knock(address) == "http://pue.localhost:8000/certificate/refused/stale"
    assert "session" not in attacker.client.cookies
    assert "session" not in victim.client.cookies


async def test_the_door_looks_at_nothing_for_a_sign_in_that_nobody_began(place: PortalWithCertificates) -> None:
    citizen = place.citizen(place.authority.issue(JAN))
    assert (await citizen.knock(f"{DOOR}/certificate/{'x' * 43}")).endswith("/certificate/refused/stale")
    address = await citizen.to_the_door()
    place.lone.moment[0] += 600
    assert (await citizen.knock(address)).endswith("/certificate/refused/stale")
    assert place.shelf.asked == []


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param([], id="no secret"),
        pytest.param([("poreka-proxy-secret", "")], id="an empty secret"),
        pytest.param([("poreka-proxy-secret", "guessed")], id="another secret"),
        pytest.param([("poreka-proxy-secret", "ł")], id="not ASCII"),
        pytest.param([*PROXY.items(), *PROXY.items()], id="the secret twice"),
        pytest.param([("poreka-proxy-secret", "guessed"), *PROXY.items()], id="a guess beside it"),
    ],
)
async def test_a_header_that_did_not_come_through_the_proxy_is_no_certificate(
    place: PortalWithCertificates, forged: list[tuple[str, str]]
) -> None:
    citizen = place.citizen()
    told = [("client-cert", place.authority.issue(JAN).header), *forged]
    encoded = [(name.encode(), value.encode()) for name, value in told]
    back = await citizen.knock(await citizen.to_the_door(), encoded)  # type: ignore[arg-type]
    assert (await citizen.back(back)).location == "/certificate/refused/missing"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(["::"], id="empty"),
        pytest.param(["nonsense"], id="not a structured field"),
        pytest.param([":AAAA:"], id="not a certificate"),
        pytest.param([":%%%:"], id="not base64"),
        pytest.param([f":{'A' * 20_000}:"], id="oversized"),
        pytest.param(["jan", "jan"], id="twice"),
        pytest.param(["jan, jan"], id="a list"),
    ],
)
async def test_a_header_that_cannot_be_read(place: PortalWithCertificates, told: list[str]) -> None:
    good, citizen = place.authority.issue(JAN).header, place.citizen()
    headers = [*PROXY.items(), *(("client-cert", value.replace("jan", good)) for value in told)]
    back = await citizen.knock(await citizen.to_the_door(), headers)
    assert (await citizen.back(back)).location == "/certificate/refused/unreadable"


async def test_those_sent_along_lead_to_a_trusted_authority(place: PortalWithCertificates) -> None:
    between = Authority("Urząd wydający", place.authority, place="http://crl.example/between.crl")
    place.shelf.lists[between.place] = between.list()
    shown = between.issue(JAN)
    assert (await place.citizen(shown).sign_in()).path == "/certificate/refused/untrusted"
    citizen = place.citizen(shown)
    header = Issued(between.certificate, between.key).header
    citizen.told["client-cert-chain"] = f"{header}, {header}"
    assert (await citizen.sign_in()).path.startswith("/entry/")
    citizen.told["client-cert-chain"] = ", ".join([header] * 6)
    assert (await citizen.sign_in()).path == "/certificate/refused/unreadable"
    place.lone.moment[0] += 3600
    revoked = place.authority.list([Issued(between.certificate, between.key)], issued=NOW + 60)
    place.shelf.lists[place.authority.place] = revoked
    citizen.told["client-cert-chain"] = header
    assert (await citizen.sign_in()).path == "/certificate/refused/revoked"


async def test_at_the_portals_own_origin_the_header_is_anybodys(place: PortalWithCertificates) -> None:
    citizen = place.citizen(place.authority.issue(JAN))
    address = (await citizen.to_the_door()).replace(DOOR, "http://pue.localhost:8000")
    response = await citizen.client.get(address, headers=citizen.told)
    assert response.status_code == 404


async def test_at_the_door_there_is_nothing_else(place: PortalWithCertificates) -> None:
    citizen = place.citizen(place.authority.issue(JAN))
    assert await citizen.knock(f"{DOOR}/") == "http://pue.localhost:8000/certificate"
    for path in ("/dashboard", "/sign-in", "/banks", "/certificate", "/certificate/return?ticket=x/"):
        assert (await citizen.client.get(f"{DOOR}{path}", headers=citizen.told)).status_code in (404, 303)
    assert (await citizen.client.post(f"{DOOR}/certificate", headers=citizen.told)).status_code == 404


async def test_beginning_needs_a_form_of_ours(place: PortalWithCertificates) -> None:
    citizen = place.citizen()
    await citizen.get("/certificate")
    assert (await citizen.post("/certificate", csrf_token="forged")).response.status_code == 403


async def test_coming_back_without_cookies_or_with_nonsense(place: PortalWithCertificates) -> None:
    citizen = place.citizen()
    assert (await citizen.get("/certificate/return?ticket=x")).response.status_code == 400
    await citizen.get("/certificate")
    for query in ("", "?ticket=", "?ticket=%00", "?ticket=x&more=y", "?ticket=x&ticket=y"):
        await citizen.get(f"/certificate/return{query}")
        assert citizen.response.status_code in (400, 410)


async def test_without_the_door_the_page_says_so_and_begins_nothing(place: PortalWithCertificates) -> None:
    object.__setattr__(place.lone.portal, "certificates", None)
    citizen = place.citizen()
    await citizen.get("/certificate")
    assert "./run demo --tls" in citizen.words
    assert not citizen.page.css("form[action='/certificate']")
    await citizen.get("/")
    await citizen.post("/certificate")
    assert citizen.location == "/certificate"
    assert (await citizen.client.get(f"{DOOR}/certificate/{'x' * 43}")).status_code == 404

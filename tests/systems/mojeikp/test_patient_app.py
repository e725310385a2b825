"""mojeIKP (K3, K4): in through a provider once, the device bound with a PIN or a key, and opened with it later on."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.contracts.binding import DAY, MOST_TRIES
from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.web.sessions import details_of
from tests.support.asgi import AsgiPage
from tests.support.patients import PIN, Device, Patients, patients, rows_of
from tests.support.profile_and_app import PESEL, token_of


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Patients]:
    async with patients(tmp_path) as started:
        yield started


def kept_by(key: str, folder: Path) -> list[bytes]:
    """Everything that a system has on disk."""
    return [file.read_bytes() for file in folder.glob(f"{key}.db*")]


async def locked_out(place: Patients, device: Device) -> AsgiPage:
    """The device opens nothing: its start page shows the ways in."""
    page = await device.app.open("/")
    assert page.path == "/", page.text
    assert page.html.css("form[action^='/enter/']")
    return page


async def test_the_first_entry_makes_the_account_and_the_pesel_is_kept_nowhere_in_the_app(
    place: Patients, tmp_path: Path
) -> None:
    _, page = await place.entered()
    assert page.path.startswith("/device/")
    assert len(await place.account_ids()) == 1
    assert (await place.events(place.ikp))[-2:] == ["PatientAccountMade", "AppEntered"]
    page = await page.submit("/pin", pin=PIN, pin_again=PIN, name="Telefon")
    assert page.path == "/account"
    assert "Stanisław Gołąb" in page.html.css_first("header").text()
    kept = b"".join(kept_by("mojeikp", tmp_path))
    assert b"Telefon" in kept
    assert PESEL.encode() not in kept


async def test_a_pin_opens_the_device_it_was_set_on_and_no_other(place: Patients) -> None:
    device = await place.with_pin()
    assert (await place.typed(device, PIN)).path == "/account"
    other = place.browser("mojeikp")
    page = await other.open("/")
    assert page.path == "/"
    refused = await other.post("/open/pin", pin=PIN)
    assert refused.headers["location"] == "/"
    assert (await other.open("/account")).path == "/"


async def test_a_key_opens_the_device_and_only_its_own(place: Patients) -> None:
    device = await place.with_passkey()
    page = await place.signed(device)
    assert page.path == "/account"
    await page.submit("/sign-out")
    stranger = Device(device.app, device.pz, Authenticator(place.mojeikp.origin))
    page = await place.signed(stranger)
    assert page.status == 422
    unverified = Device(device.app, device.pz, device.authenticator)
    unverified.authenticator.verifies = False
    assert (await place.signed(unverified)).status == 422
    assert (await device.app.open("/account")).path != "/account"


async def test_an_assertion_opens_once(place: Patients) -> None:
    device = await place.with_passkey()
    page = await device.app.open("/open")
    token = token_of(page)
    credential = device.authenticator.get(challenge_for(token))
    assert (await page.submit("/open/passkey", token=token, credential=credential)).path == "/account"
    await (await device.app.open("/account")).submit("/sign-out")
    again = await (await device.app.open("/open")).submit("/open/passkey", token=token, credential=credential)
    assert again.path != "/account"


async def test_five_wrong_pins_end_the_binding_for_good_and_say_so(place: Patients) -> None:
    device = await place.with_pin()
    for left in range(MOST_TRIES - 1, 0, -1):
        page = await place.typed(device, "8204")
        assert page.status == 422
        assert re.search(rf"\b{left} pró", page.text), page.text
    page = await place.typed(device, "8204")
    assert page.path == "/"
    assert "5 razy zły PIN" in page.text
    assert "Zaloguj się na nowo" in page.text
    await locked_out(place, device)
    await place.with_pin(device=device)
    assert (await place.typed(device, PIN)).path == "/account"


async def test_the_fifth_try_may_still_be_right_and_clears_the_count(place: Patients) -> None:
    device = await place.with_pin()
    for _ in range(2):
        for _ in range(MOST_TRIES - 1):
            assert (await place.typed(device, "8204")).status == 422
        page = await place.typed(device, PIN)
        assert page.path == "/account"
        await page.submit("/sign-out")


async def test_what_is_no_pin_is_no_try(place: Patients) -> None:
    device = await place.with_pin()
    for typed in ("", "12", "abcd", "123456789", "73 92"):
        assert (await place.typed(device, typed)).status == 422
    page = await place.typed(device, "8204")
    assert "4 próby" in page.text


async def test_a_hundred_wrong_pins_at_once_are_counted_one_by_one(place: Patients) -> None:
    """Counting holds with several workers: no more than five PINs are ever compared."""
    device = await place.with_pin()
    await device.app.open("/open")
    pins = [f"{number:04}" for number in range(8200, 8230)]
    await asyncio.gather(*(device.app.post("/open/pin", pin=pin) for pin in pins))
    tried = (await place.events(place.mojeikp)).count("DeviceRefused")
    assert 1 <= tried <= MOST_TRIES


@pytest.mark.parametrize("pin", ["1234", "4321", "8901", "0000", "123", "123456789", "7112", "1971", "711202", "0212"])
async def test_a_pin_that_a_finder_would_try_is_not_taken(place: Patients, pin: str) -> None:
    """Stanisław was born on 2 December 1971."""
    _, page = await place.entered()
    page = await page.submit("/pin", pin=pin, pin_again=pin)
    assert page.status == 422
    assert await rows_of(place.mojeikp.database, "bindings") == 0


async def test_pins_that_differ_are_not_taken(place: Patients) -> None:
    _, page = await place.entered()
    page = await page.submit("/pin", pin=PIN, pin_again="7393")
    assert page.status == 422
    assert "różnią" in page.text


async def copy_of(place: Patients, device: Device, secret: str) -> Device:
    """Another browser that holds a copy of the device's cookie."""
    thief = replace(device, app=place.browser("mojeikp"))
    thief.app.set_cookie("device", secret)
    return thief


async def told_of_the_copy(place: Patients, device: Device) -> None:
    page = await locked_out(place, device)
    assert "kopii" in page.text


async def test_the_cookie_changes_with_every_opening_and_an_older_one_ends_the_binding_for_both(
    place: Patients,
) -> None:
    device = await place.with_pin()
    first = device.app.cookie("device") or ""
    secrets = [first]
    for _ in range(3):
        page = await place.typed(device, PIN)
        secrets.append(device.app.cookie("device") or "")
        await page.submit("/sign-out")
    assert len(set(secrets)) == 4
    page = await place.typed(device, PIN)
    thief = await copy_of(place, device, first)
    await told_of_the_copy(place, thief)
    assert (await device.app.open("/account")).path.startswith("/?notice"), "what the device had open is closed"
    await told_of_the_copy(place, device)
    history = await (await place.at_ikp()).open("/account/history")
    assert "ktoś użył jego kopii" in history.text
    assert "w aplikacji: PIN" in history.text
    assert (await place.events(place.ikp)).count("AppDeviceCopied") == 1


@pytest.mark.parametrize("first_to_open", ["owner", "thief"])
async def test_of_two_holders_of_a_copied_cookie_neither_keeps_the_account(place: Patients, first_to_open: str) -> None:
    device = await place.with_pin()
    thief = await copy_of(place, device, device.app.cookie("device") or "")
    one, other = (device, thief) if first_to_open == "owner" else (thief, device)
    assert (await place.typed(one, PIN)).path == "/account"
    await told_of_the_copy(place, other)
    await told_of_the_copy(place, one)


async def test_a_holder_who_never_shows_the_new_cookie_does_not_lock_the_owner_out(place: Patients) -> None:
    device = await place.with_pin()
    copied = device.app.cookie("device") or ""
    for _ in range(3):  # answers that are thrown away: only the copied cookie is ever sent
        await answer_lost(place, copied)
    page = await place.typed(device, PIN)
    assert page.path == "/account"
    await told_of_the_copy(place, await copy_of(place, device, copied))


async def answer_lost(place: Patients, secret: str) -> str:
    """The PIN is typed on a device with this cookie, and the answer never arrives; the cookie it held."""
    device = place.browser("mojeikp")
    device.set_cookie("device", secret)
    lock = await device.open("/open")
    field = lock.html.css_first("form[action='/open/pin'] input[type=hidden]")
    form = {field.attributes["name"] or "": field.attributes["value"] or "", "pin": PIN}
    answer = await device.request("POST", "/open/pin", form)
    assert answer.headers["location"].endswith("/account"), answer.text
    return device.cookie("device") or ""


async def test_an_answer_that_was_lost_locks_nobody_out(place: Patients) -> None:
    device = await place.with_pin()
    before = device.app.cookie("device") or ""
    assert len({await answer_lost(place, before) for _ in range(2)}) == 2
    assert (await place.typed(device, PIN)).path == "/account"


async def test_of_two_openings_whose_answers_crossed_either_cookie_opens(place: Patients) -> None:
    device = await place.with_pin()
    before = device.app.cookie("device") or ""
    earlier, _ = await answer_lost(place, before), await answer_lost(place, before)
    device.app.set_cookie("device", earlier)  # the later answer came first, and was overwritten
    assert (await place.typed(device, PIN)).path == "/account"


async def test_a_device_that_lies_unused_is_bound_no_more(place: Patients) -> None:
    device = await place.with_pin()
    place.both.clock.advance(89 * DAY)
    page = await place.typed(device, PIN)
    assert page.path == "/account"
    await page.submit("/sign-out")
    place.both.clock.advance(90 * DAY)
    page = await locked_out(place, device)
    assert "długo nie była używana" in page.text


async def test_a_forgotten_pin_is_a_new_sign_in_that_replaces_the_binding(place: Patients) -> None:
    device = await place.with_pin()
    page = await device.app.open("/open")
    link = page.html.css_first("a[href='/?anew=1']")
    assert link is not None
    await place.with_pin("5081", device, "/?anew=1")
    assert (await place.typed(device, PIN)).status == 422
    assert (await place.typed(device, "5081")).path == "/account"
    assert (await place.events(place.mojeikp)).count("DeviceUnbound") == 1


async def test_records_a_childs_too_and_the_history_says_that_it_was_the_app(place: Patients) -> None:
    device = await place.with_pin()
    page = await place.typed(device, PIN)
    page = await device.app.open("/account/prescription")
    assert "6620" in page.text
    page = await device.app.open("/account")
    child = page.html.css("input[name=person]")[-1].attributes["value"] or ""
    page = await page.submit("/account/for", person=child)
    page = await device.app.open("/account/prescription")
    assert "3318" in page.text
    assert "6620" not in page.text
    shown = (await device.app.open("/account/history")).text
    for words in ("w aplikacji: Profil Zaufany", "w aplikacji: PIN", "Otwarcie danych"):
        assert words in shown
    at_ikp = await place.at_ikp()
    assert "w aplikacji: PIN" in (await at_ikp.open("/account/history")).text
    assert (await device.app.open("/account/nothing")).status == 404


async def test_a_child_of_somebody_else_is_not_shown(place: Patients) -> None:
    device = await place.with_pin()
    await place.typed(device, PIN)
    device.app.set_cookie("acting_for", "somebody-elses")
    assert "6620" in (await device.app.open("/account/prescription")).text


async def test_the_level_is_what_was_used(place: Patients) -> None:
    device = await place.with_pin()
    await place.typed(device, PIN)
    account = (await place.account_ids())[0]
    session = (await place.mojeikp.sessions.of_person(account))[0]
    assert [one.value for one in session.factors] == ["device_pin"]
    assert details_of(session).device
    assert "średni" in (await device.app.open("/account/history")).text


async def test_removed_in_the_app_or_on_the_accounts_own_pages(place: Patients) -> None:
    device, other = await place.with_pin(), await place.with_passkey()
    await place.typed(device, PIN)
    page = await device.app.open("/devices")
    assert page.text.count("Telefon Stasia") >= 2
    assert "To urządzenie" in page.text
    theirs = [one for one in await place.mojeikp.bindings.of_account((await place.account_ids())[0]) if one.key]
    page = await page.submit(f"/devices/{theirs[0].id}/remove")
    assert page.path == "/devices"
    await locked_out(place, other)
    at_ikp = await place.at_ikp()
    page = await at_ikp.open("/account/devices")
    assert "Telefon Stasia" in page.text
    page = await page.submit("/remove")
    assert "usunięte" in page.text
    page = await locked_out(place, device)
    assert "na stronach konta pacjenta" in page.text


async def test_removing_the_own_device_ends_the_session(place: Patients) -> None:
    device = await place.with_pin()
    await place.typed(device, PIN)
    account = (await place.account_ids())[0]
    kept = (await place.mojeikp.bindings.of_account(account))[0]
    page = await (await device.app.open("/devices")).submit(f"/devices/{kept.id}/remove")
    assert page.path == "/"
    assert (await device.app.open("/account")).path == "/"


async def test_nobody_removes_or_asks_about_devices_of_others(place: Patients) -> None:
    device = await place.with_pin()
    kept = (await place.mojeikp.bindings.of_account((await place.account_ids())[0]))[0]
    site = place.sites["mojeikp"]
    for headers in ([], [("authorization", "Bearer wrong")], [("authorization", "Bearer ")]):
        assert (await site.call("GET", "/bound?account=x", headers=headers)).status_code == 401
    right = ("authorization", f"Bearer {place.mojeikp.devices_secret}")
    told = [right, ("content-type", "application/json")]
    path = f"/bound/{kept.id}/remove"
    assert (await site.call("POST", path, body=b'{"account":"other"}', headers=told)).status_code == 404
    assert (await place.typed(device, PIN)).path == "/account"


async def test_the_account_answers_the_app_only(place: Patients) -> None:
    await place.entered()
    account, site = (await place.account_ids())[0], place.sites["ikp"]
    for path in (f"/app/accounts/{account}", f"/app/accounts/{account}/history"):
        assert (await site.call("GET", path)).status_code == 401
        assert (await site.call("GET", path, headers=[("authorization", "Bearer x")])).status_code == 401
    right = [("authorization", f"Bearer {place.ikp.app_token}"), ("content-type", "application/json")]
    weak = b'{"first_name":"A","surname":"B","pesel":"71120285435","issuer":"x","level":"low"}'
    assert (await site.call("POST", "/app/entries", body=weak, headers=right)).status_code == 403
    wrong = weak.replace(b"71120285435", b"71120285436").replace(b"low", b"high")
    assert (await site.call("POST", "/app/entries", body=wrong, headers=right)).status_code == 400
    assert (await site.call("GET", "/app/accounts/nobody", headers=right)).status_code == 404


async def test_an_account_that_does_not_answer_is_told_and_a_right_pin_is_no_wrong_try(place: Patients) -> None:
    device = await place.with_pin()
    place.both.away.add("ikp.localhost:8000")
    for _ in range(MOST_TRIES + 1):
        page = await place.typed(device, PIN)
        assert page.status == 503
        assert "Spróbuj ponownie za chwilę" in page.text
    place.both.away.clear()
    assert (await place.typed(device, PIN)).path == "/account"
    place.both.away.add("ikp.localhost:8000")
    assert (await device.app.open("/account")).status == 503
    place.both.away.clear()
    at_ikp = await place.at_ikp()
    place.both.away.add("mojeikp.localhost:8000")
    page = await at_ikp.open("/account/devices")
    assert page.status == 503
    assert "Spróbuj za chwilę" in page.text


async def test_an_offer_belongs_to_the_session_of_its_sign_in(place: Patients) -> None:
    device, page = await place.entered()
    path = page.path
    await (await device.app.open("/account")).submit("/sign-out")
    assert (await device.app.open(path)).path == "/"
    await place.entered(device)
    assert (await device.app.open(path)).status == 410


async def test_the_manifest_and_the_offline_page_are_the_apps_own(place: Patients) -> None:
    browser = place.browser("mojeikp")
    manifest = (await browser.request("GET", "/app.webmanifest")).json()
    assert manifest["name"] == "mojeIKP"
    assert all("mojeikp" in icon["src"] for icon in manifest["icons"])
    assert "Recepty i wizyty nie są na nim zapisane" in (await browser.open("/offline")).text
    assert (await browser.request("GET", "/sw.js")).status_code == 200


async def test_a_profile_that_ends_takes_its_bindings_along(place: Patients) -> None:
    """Long after the session of the sign-in is gone: the notice names no session, only the person."""
    device, by_key = await place.with_pin(), await place.with_passkey()
    owner = await place.both.owner()
    await (await owner.open("/profile/not-me")).submit("/profile/not-me")
    await place.both.pz_worker.send_due()
    for one in (device, by_key):
        assert "wycofał potwierdzenie" in (await locked_out(place, one)).text
    assert (await place.events(place.mojeikp)).count("DeviceUnbound") == 2


async def test_a_consent_withdrawn_at_the_provider_ends_the_binding_and_the_session(place: Patients) -> None:
    device = await place.with_pin()
    assert (await place.typed(device, PIN)).path == "/account"
    owner = await place.both.owner()
    page = await owner.open("/settings/security/consents")
    held = await place.both.pz.consents.in_force("stanislaw", "mojeikp")
    assert held is not None
    await (await owner.open(f"{page.path}/{held.id}/withdraw")).submit("/withdraw")
    await place.both.pz_worker.send_due()
    assert (await device.app.open("/account")).path == "/?notice=session_ended"
    await locked_out(place, device)


async def test_signing_out_at_the_provider_leaves_the_device_bound(place: Patients) -> None:
    """A session that ends says nothing about the person: it ends what was opened with it, not the binding."""
    device, page = await place.entered()
    page = await page.submit("/pin", pin=PIN, pin_again=PIN)
    assert page.path == "/account"
    await (await device.pz.open("/profile")).submit("/sign-out")
    await place.both.pz_worker.send_due()
    assert (await device.app.open("/account")).path != "/account"
    assert (await place.typed(device, PIN)).path == "/account"


@pytest.mark.parametrize("inside", [False, True])
async def test_an_account_that_is_gone_ends_the_binding_and_says_so(place: Patients, inside: bool) -> None:
    device = await place.with_pin()
    if inside:
        await place.typed(device, PIN)
    await place.ikp.database.run("DELETE FROM patient_accounts")
    if inside:
        assert (await device.app.open("/account")).path == "/open"
    page = await place.typed(device, PIN)
    assert page.path == "/"
    assert "już nie ma" in page.text

"""Releases across a rolling restart: what the version before stored is answered, and it reads what this one stores."""

import msgspec

from poreka.oidc.pkce import challenge_of
from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.provider.release.stored import read_release
from poreka.provider.rules.release import ReleaseState
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from tests.support.asgi import AsgiPage
from tests.support.in_process import CALLBACK, BankInProcess
from tests.support.relying_client import VERIFIER

REQUEST_BEFORE = (
    '{"client_id":"sandbox-fapi","redirect_uri":"%s","scopes":["openid","identity"],"state":"kept","nonce":"n-1",'
    '"code_challenge":"%s","prompt":["login","consent"],"max_age":60,'
    '"acr_values":["http://eidas.europa.eu/LoA/substantial"],"ui_locales":["en-GB"]%s}'
)
SIGNATURE_BEFORE = (
    ',"signature":{"type":"trusted_signature","summary":"Wniosek","document_name":"w.pdf",'
    '"document_hash":{"alg":"sha-256","value":"LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE"}}'
)
STORED_BEFORE = (
    '{"request":%s,"state":{"way_in":"portal_first","expires_at":%d,"signing":false,"wanted":2,"attainable":2,'
    '"sign_in_since":5,"sign_in_anew":false,"cancelled":false,"customer":null,"signed_in_at":null,'
    '"signed_in_for_this":false,"factors":[],"consent_remembered":false,"eligibility_checked":false,"refused":[],'
    '"instead":null,"consented":false,"text_hash":null,"language":null,"operation_id":null,"operation":null,'
    '"withheld":null,"released_at":null}}'
)


class ReleaseBefore(msgspec.Struct, frozen=True, kw_only=True):
    """A stored release as the version before read and wrote it."""

    request: AuthorizationRequest
    state: ReleaseState


def stored_before(now: int, signature: str = "") -> bytes:
    request = REQUEST_BEFORE % (CALLBACK, challenge_of(VERIFIER), signature)
    return (STORED_BEFORE % (request, now + 1800)).encode()


async def journey_of(bank: BankInProcess, page: AsgiPage) -> Journey:
    browser = secret_hash(page.browser.cookie("browser") or "")
    journey = await bank.bank.journeys.load(page.path.split("/")[2].partition("?")[0], browser, bank.clock())
    assert journey is not None
    return journey


async def finished(bank: BankInProcess, page: AsgiPage) -> AsgiPage:
    page = await (await page.browser.open(page.path)).submit("/consent", consent="yes")
    code = await bank.deliver()
    return await (await page.browser.open(page.path)).submit("/code", code=code)


async def test_a_release_that_the_version_before_stored_is_answered(bank_on_each: BankInProcess) -> None:
    bank, client = bank_on_each, bank_on_each.fapi()
    page = await client.send(await bank.signed_in())
    await bank.bank.journeys.save(bank.bank.database, await journey_of(bank, page), stored_before(bank.clock()))
    left = await finished(bank, page)
    assert left.answer["state"] == "kept"
    tokens = (await client.redeem(left.answer["code"])).json()
    assert (await client.facts(tokens["access_token"]))["pesel"] == "83041741039"


async def test_what_the_version_before_stored_is_read_as_the_wish_that_it_was() -> None:
    wish = read_release(stored_before(0)).wish
    assert (wish.service, wish.facts, wish.level, wish.max_age) == ("sandbox-fapi", tuple(Fact), Level.SUBSTANTIAL, 60)
    assert (wish.sign_in_anew, wish.consent_anew, wish.silent) == (True, True, False)
    assert (wish.languages, wish.signature) == (("en-GB",), None)
    signature = read_release(stored_before(0, SIGNATURE_BEFORE)).wish.signature
    assert signature is not None
    assert (signature.summary, signature.document.name) == ("Wniosek", "w.pdf")
    assert signature.document.hash.startswith("2d71 1642 b726")


async def test_a_release_may_be_saved_by_both_versions_in_turn(bank: BankInProcess) -> None:
    page = await bank.fapi().send(await bank.signed_in())
    journey = await journey_of(bank, page)
    before = msgspec.json.decode(journey.state, type=ReleaseBefore)
    assert before.request.redirect_uri == CALLBACK
    saved = msgspec.json.encode(msgspec.structs.replace(before, state=before.state))
    assert b'"wish"' in journey.state
    assert b'"wish"' not in saved
    assert read_release(saved) == read_release(journey.state)
    await bank.bank.journeys.save(bank.bank.database, journey, saved)
    assert "code" in (await finished(bank, page)).answer


def test_what_is_read_is_stored_as_it_was() -> None:
    release = read_release(stored_before(0))
    assert read_release(msgspec.json.encode(release)) == release
    assert b'"protocol"' not in msgspec.json.encode(release)

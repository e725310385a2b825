"""GET /callback/{provider}: the browser is back; the account is found or made where it is kept (K2, K3).

The PESEL goes to the account with this one call and is kept nowhere here: from then on the person is the account's id.
What is kept for five minutes is the date of birth, for the PIN that must not be it (`systems/mojeikp/device/offer.py`).
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import PersonEntered
from poreka.contracts.patient_account import FirstEntry
from poreka.relying.resting_session import open_resting
from poreka.relying.sign_in.provider_exchange import level_of
from poreka.relying.sign_in.returned import Returned, returned, said_no, too_weak
from poreka.rules.levels import Level
from poreka.systems.mojeikp.account_over_http import AccountOfAnother
from poreka.systems.mojeikp.device.offer import offer
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.browser.redirect import redirect
from poreka.web.new_browser import renew_browser
from poreka.web.sessions import set_session_cookie


async def come_back(request: Request, app: Mojeikp) -> Response:
    """Answer a provider's redirect back to us."""
    came = await returned(request, app)
    if isinstance(came, Response):
        return came
    level = level_of(came.provider.registration, came.vouched.signed_in.acr)
    if level < Level.SUBSTANTIAL:
        return too_weak(request, app, came.provider.key, Level.SUBSTANTIAL, came.vouched.signed_in.acr)
    signed_in = came.vouched.signed_in
    linked = await app.federated_identities.person_of(signed_in.issuer, signed_in.sub)
    try:
        account = await app.account.enter(_entry(came, level, linked))
    except AccountOfAnother:
        return await said_no(request, app, came.provider, "other_person")
    async with app.audit.transaction() as (transaction, record):
        opened = await open_resting(request, app, transaction, record, came, account)
        offered = offer(request, app, came, account, opened.sid)
        await transaction.insert(app.journeys.adding(offered))
        browser = await renew_browser(request, app, transaction, offered.id)
        await record(PersonEntered(person_id=account, issuer=signed_in.issuer, sid=opened.sid, acr=level.acr))
    return set_session_cookie(redirect(request, app, f"/device/{offered.id}"), app, opened.cookie, browser)


def _entry(came: Returned, level: Level, linked: str | None) -> FirstEntry:
    facts = came.facts
    return FirstEntry(
        first_name=facts.first_name,
        surname=facts.surname,
        pesel=facts.pesel.digits,
        issuer=came.vouched.signed_in.issuer,
        level="high" if level is Level.HIGH else "substantial",
        account=linked,
    )

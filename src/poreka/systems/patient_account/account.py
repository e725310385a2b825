"""Inside the patient account: one's own records or a child's, and who entered, how and when (K4).

GET  /account          what there is, for whom
GET  /account/{kind}   prescriptions, referrals or visits; looking is written down
GET  /account/history  every entry, with the provider and the level
POST /account/for      go on for oneself or for a child; kept in a cookie that holds a random name and is asked about
                       anew at every page
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.patient_account.pages import FOR, kind_asked, show_home
from poreka.relying.patient_account.pages import show_history as history_page
from poreka.relying.patient_account.pages import show_records as records_page
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.sessions import Session
from poreka.systems.patient_account.store.patient_accounts import PatientAccount
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.systems.patient_account.told import account_told, history_told, records_told
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound


async def show_account(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """GET /account."""
    account = await _account(system, session)
    told = await account_told(system, account, system.cookies.choice(request, FOR))
    return show_home(request, system, session, told)


async def show_records(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """GET /account/{kind}."""
    kind, account = kind_asked(request), await _account(system, session)
    told = await records_told(system, account, kind, system.cookies.choice(request, FOR))
    return records_page(request, system, session, kind, told)


async def act_for(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """POST /account/for."""
    fields = await read_form(request, system, "person")
    account = await _account(system, session)
    response = redirect(request, system, "/account")
    if fields["person"] in await system.health.wards_of(account.facts.pesel, warsaw_day(system.clock())):
        system.cookies.set(response, FOR, fields["person"])
    else:
        system.cookies.clear(response, FOR)
    return response


async def show_history(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """GET /account/history."""
    return history_page(request, system, session, await history_told(system, session.person_id))


async def _account(system: PatientAccountSystem, session: Session) -> PatientAccount:
    account = await system.accounts.load(session.person_id)
    if account is None:
        raise PageNotFound
    return account

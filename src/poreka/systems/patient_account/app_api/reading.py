"""What the app shows of an account: as the account's own pages show it, made by the same code
(`systems/patient_account/told.py`).

GET /app/accounts/{account}?for=…
GET /app/accounts/{account}/records/{kind}?for=…
GET /app/accounts/{account}/history
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.patient_account import KINDS
from poreka.oidc.errors import AnsweredAsJson
from poreka.provider.authorising.app_caller import check_caller
from poreka.systems.patient_account.store.patient_accounts import PatientAccount
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.systems.patient_account.told import IN_APP, account_told, history_told, records_told
from poreka.web.forms import once, query_pairs


async def tell_account(request: Request, system: PatientAccountSystem) -> Response:
    """GET /app/accounts/{account}."""
    account = await _account(request, system)
    return _json(await account_told(system, account, _for(request), through=IN_APP))


async def tell_records(request: Request, system: PatientAccountSystem) -> Response:
    """GET /app/accounts/{account}/records/{kind}."""
    account = await _account(request, system)
    kind = next((one for one in KINDS if one == request.path_params["kind"]), None)
    if kind is None:
        raise _not_there("There are no such records.")
    return _json(await records_told(system, account, kind, _for(request), through=IN_APP))


async def tell_history(request: Request, system: PatientAccountSystem) -> Response:
    """GET /app/accounts/{account}/history."""
    account = await _account(request, system)
    return _json(await history_told(system, account.id))


async def _account(request: Request, system: PatientAccountSystem) -> PatientAccount:
    check_caller(request, system.app_token)
    account = await system.accounts.load(request.path_params["account"])
    if account is None:
        raise _not_there("There is no such account.")
    return account


def _for(request: Request) -> str:
    return once(query_pairs(request), ("for",))["for"]


def _json(told: object) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json")


def _not_there(what: str) -> AnsweredAsJson:
    return AnsweredAsJson("not_found", what, status=404)

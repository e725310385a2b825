"""Entries that happened at the app: by a provider's word, which finds or makes the account, and by a bound device.

POST /app/entries
POST /app/accounts/{account}/entries
POST /app/accounts/{account}/copied   a bound device was ended there, because of a copy of it
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.patient_account import AccountFound, DeviceCopied, FirstEntry, LaterEntry
from poreka.oidc.errors import AnsweredAsJson
from poreka.provider.authorising.app_caller import check_caller
from poreka.rules.levels import Level
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import PeselFault, read_pesel
from poreka.rules.people.same_person import Judged
from poreka.store.database import AlreadyThere
from poreka.systems.patient_account.entry import account_of
from poreka.systems.patient_account.events import AppDeviceCopied, AppEntered, AppOpened
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.web.door.asker import read_document

NO_PERSON = "These are no facts of a person."
OTHER_PERSON = "The account with this PESEL is not this person's."
TOO_WEAK = "The sign-in was too weak for the account."


async def take_first(request: Request, system: PatientAccountSystem) -> Response:
    """POST /app/entries."""
    check_caller(request, system.app_token)
    told = await read_document(request, FirstEntry)
    pesel, level = read_pesel(told.pesel), Level[told.level.upper()]
    if isinstance(pesel, PeselFault):
        raise AnsweredAsJson("invalid_request", NO_PERSON, status=400)
    if level < Level.SUBSTANTIAL:
        raise AnsweredAsJson("access_denied", TOO_WEAK, status=403)
    facts = PersonFacts(first_name=told.first_name, surname=told.surname, pesel=pesel)
    try:
        account = await _enter(system, facts, told, level)
    except AlreadyThere:  # the first entry, at the same moment elsewhere
        account = await _enter(system, facts, told, level)
    if account is None:
        raise AnsweredAsJson("other_person", OTHER_PERSON, status=409)
    return Response(msgspec.json.encode(AccountFound(account=account)), media_type="application/json")


async def take_later(request: Request, system: PatientAccountSystem) -> Response:
    """POST /app/accounts/{account}/entries."""
    check_caller(request, system.app_token)
    told = await read_document(request, LaterEntry)
    account, level = await system.accounts.load(request.path_params["account"]), Level[told.level.upper()]
    if account is None:
        raise AnsweredAsJson("not_found", "There is no such account.", status=404)
    if level < Level.SUBSTANTIAL:
        raise AnsweredAsJson("access_denied", TOO_WEAK, status=403)
    await system.audit.save(event=AppOpened(person_id=account.id, tool=told.tool.value, acr=level.acr))
    return Response(status_code=204)


async def take_copied(request: Request, system: PatientAccountSystem) -> Response:
    """POST /app/accounts/{account}/copied."""
    check_caller(request, system.app_token)
    told = await read_document(request, DeviceCopied)
    account = await system.accounts.load(request.path_params["account"])
    if account is None:
        raise AnsweredAsJson("not_found", "There is no such account.", status=404)
    await system.audit.save(event=AppDeviceCopied(person_id=account.id, tool=told.tool.value))
    return Response(status_code=204)


async def _enter(system: PatientAccountSystem, facts: PersonFacts, told: FirstEntry, level: Level) -> str | None:
    async with system.audit.transaction() as (transaction, record):
        account = await account_of(system, transaction, record, facts, told.issuer, told.account)
        if isinstance(account, Judged):
            return None
        await record(AppEntered(person_id=account.id, issuer=told.issuer, acr=level.acr))
    return account.id

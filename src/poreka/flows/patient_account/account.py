"""Inside the patient account: one's own records or a child's, and who entered, how and when (K4).

GET  /account          what there is, for whom
GET  /account/{kind}   prescriptions, referrals or visits; looking is written down
GET  /account/history  every entry, with the provider and the level
POST /account/for      go on for oneself or for a child; kept in a cookie that holds a random name and is asked about
                       anew at every page
"""

from typing import get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.patient_events import RecordsSeen
from poreka.rules.levels import level_named
from poreka.rules.person import PersonFacts
from poreka.store.audit_entries import AuditEntries
from poreka.store.health_records import Kind
from poreka.store.patient_accounts import PatientAccount
from poreka.store.sessions import Session
from poreka.web.bank_frame import people_time
from poreka.web.failures import PageNotFound
from poreka.web.frame import read_form, redirect, show, texts_of
from poreka.web.systems import PatientAccountSystem

KINDS: tuple[Kind, ...] = get_args(Kind)
FOR = "acting_for"
MOST = 100


async def show_account(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """GET /account."""
    account = await _account(system, session)
    wards = await system.health.wards_of(account.facts.pesel)
    chosen = system.cookies.choice(request, FOR)
    person = wards.get(chosen or "", account.facts)
    texts = texts_of(request, system)
    tiles = []
    for kind in KINDS:
        count = len(await system.health.of(person.pesel, kind, MOST))
        tiles.append(
            {
                "href": f"/account/{kind}",
                "label": texts(f"patient.{kind}s"),
                "tag": str(count) if count else texts("patient.none"),
                "text": texts(f"patient.{kind}s_text"),
            }
        )
    return show(
        request,
        system,
        "flows/patient_account/account.html",
        session=session,
        tiles=tiles,
        people=[{"value": ward, "label": _name(facts)} for ward, facts in (("self", account.facts), *wards.items())],
        chosen=chosen if chosen in wards else "self",
        child=_name(person) if chosen in wards else None,
    )


async def show_records(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """GET /account/{kind}."""
    kind = next((one for one in KINDS if one == request.path_params["kind"]), None)
    if kind is None:
        raise PageNotFound
    account = await _account(system, session)
    wards = await system.health.wards_of(account.facts.pesel)
    chosen = system.cookies.choice(request, FOR)
    ward = chosen if chosen in wards else ""
    person = wards.get(ward or "", account.facts)
    records = await system.health.of(person.pesel, kind, MOST)
    await system.audit.save(event=RecordsSeen(person_id=account.id, kind=kind, ward=ward or ""))
    rows = [(people_time(one.at), one.what, one.by, *([one.code] if kind != "visit" else [])) for one in records]
    return show(
        request,
        system,
        "flows/patient_account/records.html",
        session=session,
        kind=kind,
        rows=rows,
        child=_name(person) if ward else None,
    )


async def act_for(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """POST /account/for."""
    fields = await read_form(request, system, "person")
    account = await _account(system, session)
    response = redirect(request, system, "/account")
    if fields["person"] in await system.health.wards_of(account.facts.pesel):
        system.cookies.set(response, FOR, fields["person"])
    else:
        system.cookies.clear(response, FOR)
    return response


async def show_history(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """GET /account/history: the audit log's own entries about this person, in words."""
    texts = texts_of(request, system)
    names = {one.registration.issuer: one.name for one in system.relied_on.values()}
    entries = await AuditEntries(system.database).shown(person_id=session.person_id, limit=MOST)
    rows = []
    for entry in (one for one in entries if one.event in SHOWN):
        details = msgspec.json.decode(entry.details)
        level = level_named(details.get("acr", ""))
        how = names.get(details.get("issuer", ""), "–")
        rows.append(
            (
                people_time(entry.at),
                texts(SHOWN[entry.event]),
                how,
                texts(f"patient.level.{level.name.lower()}") if level else "–",
            )
        )
    return show(request, system, "flows/patient_account/history.html", session=session, rows=rows)


SHOWN = {
    "PersonEntered": "patient.history.entered",
    "PatientAccountMade": "patient.history.made",
    "SignedOut": "patient.history.left",
    "RecordsSeen": "patient.history.seen",
}
"""The events that mean something to the person, and their texts."""


def _name(facts: PersonFacts) -> str:
    return f"{facts.first_name} {facts.surname}"


async def _account(system: PatientAccountSystem, session: Session) -> PatientAccount:
    account = await system.accounts.load(session.person_id)
    if account is None:
        raise PageNotFound
    return account

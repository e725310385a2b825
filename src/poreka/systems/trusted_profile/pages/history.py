"""GET /profile/history: every sign-in, signature and change of the profile, with time, service and method (T6).

It is the audit log's own entries about this person, in words; what is not for people to read is left out. Nothing
is kept a second time, so the owner sees what an auditor sees.
"""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.chain import Entry
from poreka.audit.entries import AuditEntries
from poreka.provider.pages.frame import name_of
from poreka.rules.shown_date import people_time
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import language_of, texts_of
from poreka.web.frame import show

MOST = 200
SHOWN = {
    "SignedIn": "trusted.history.SignedIn",
    "SignInFailed": "trusted.history.SignInFailed",
    "VouchedSignIn": "trusted.history.VouchedSignIn",
    "EntryRefused": "trusted.history.EntryRefused",
    "SignedOut": "trusted.history.SignedOut",
    "OperationAuthorised": "trusted.history.OperationAuthorised",
    "CodeRefused": "trusted.history.CodeRefused",
    "ConsentGiven": "trusted.history.ConsentGiven",
    "ConsentWithdrawn": "trusted.history.ConsentWithdrawn",
    "CodeIssued": "trusted.history.CodeIssued",
    "DocumentSigned": "trusted.history.DocumentSigned",
    "ApprovedElsewhere": "trusted.history.ApprovedElsewhere",
    "DeviceEnrolled": "trusted.history.DeviceEnrolled",
    "DeviceRemoved": "trusted.history.DeviceRemoved",
    "PushApproved": "trusted.history.PushApproved",
    "PushRefused": "trusted.history.PushRefused",
    "AuthorisationToolChosen": "trusted.history.AuthorisationToolChosen",
    "TrustedProfileMade": "trusted.history.TrustedProfileMade",
    "TrustedProfileExtended": "trusted.history.TrustedProfileExtended",
    "TrustedProfileLocked": "trusted.history.TrustedProfileLocked",
    "ContactChanged": "trusted.history.ContactChanged",
    "PasswordRecovered": "trusted.history.PasswordRecovered",
    "TrustedProfileEnded": "trusted.history.TrustedProfileEnded",
    "ApplicationOpened": "trusted.history.ApplicationOpened",
    "ApplicationLookedAt": "trusted.history.ApplicationLookedAt",
    "ApplicationConfirmed": "trusted.history.ApplicationConfirmed",
    "ProfileSought": "trusted.history.ProfileSought",
    "ProfileOpened": "trusted.history.ProfileOpened",
    "ProposalOpened": "trusted.history.ProposalOpened",
    "ApprovalAsked": "trusted.history.ApprovalAsked",
    "FactsChanged": "trusted.history.FactsChanged",
    "ReminderSent": "trusted.history.ReminderSent",
}
"""The events that mean something to an owner, and their texts."""


async def show_history(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/history."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    entries = await AuditEntries(pz.database).shown(person_id=owned.id, limit=MOST)
    language, texts = language_of(request, pz), texts_of(request, pz)
    names = {client.client_id: name_of(client, language) for client in await pz.clients.all()}
    names |= {one.registration.issuer: one.name for one in pz.relying.relied_on.values()}
    names |= {desk.key: desk.name for desk in pz.desks}
    tools = _tools(entries)
    rows = []
    for entry in (one for one in entries if one.event in SHOWN):
        details = msgspec.json.decode(entry.details)
        party = details.get("client_id") or details.get("issuer") or details.get("by") or ""
        method = _method(entry.event, details, tools)
        rows.append(
            (
                people_time(entry.at, language),
                texts(SHOWN[entry.event]),
                names.get(party) or names.get(party.partition("/")[0], pz.settings.system.name),
                texts(f"trusted.method.{method}") if method else "–",
            )
        )
    return show(request, pz, "systems/trusted_profile/pages/history.html", session=session, rows=rows)


def _tools(entries: list[Entry]) -> Mapping[str, str]:
    """What each operation was authorised with: told when it was issued."""
    issued = (msgspec.json.decode(entry.details) for entry in entries if entry.event == "OperationIssued")
    return {details["operation_id"]: details["tool"] for details in issued}


def _method(event: str, details: Mapping[str, str], tools: Mapping[str, str]) -> str:
    """With what it was done, as the last part of a text's key; empty where nothing was needed."""
    by_event = {"SignedIn": "password", "SignInFailed": "password", "VouchedSignIn": "vouched"}
    return by_event.get(event) or tools.get(details.get("operation_id", ""), "")

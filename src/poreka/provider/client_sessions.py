"""Ending a provider's session or consent at the relying parties: which sign-ins rest on it, and who is notified.

A caller first ends the session or the consent. Then, in the same transaction, it loads the relying parties' sign-ins
that rest on it, revokes their grants and puts logout notices into the outbox (OpenID Connect Back-Channel Logout
1.0). Loaded before the end, a sign-in of that very moment would be missed. Only this module decides which relying
party is told what; `delivery/` sends it.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from poreka.audit.events import GrantRevoked, SignedOut
from poreka.audit.record import Recorder
from poreka.delivery.senders import LogoutNotice
from poreka.oidc.clients.client import Client
from poreka.oidc.provider.subject import pairwise_subject
from poreka.provider.rules.wish import AskingService
from poreka.provider.store.clients import Clients
from poreka.provider.store.consents import Consents
from poreka.provider.store.grants import Grants
from poreka.provider.store.relying_sign_ins import RelyingSignIn, RelyingSignIns
from poreka.store.database import Insert, Transaction
from poreka.store.fresh import Fresh
from poreka.store.outbox import Message, Outbox
from poreka.store.sessions import Session, Sessions
from poreka.web.system import Keys

NOTICE_SECONDS = 12 * 3600  # longer than any session at the other side lives


class TellsClients(Protocol):
    """The part of a provider that these functions use; `Bank` and the other providers fit it."""

    @property
    def clock(self) -> Callable[[], int]: ...
    @property
    def fresh(self) -> Fresh: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def clients(self) -> Clients: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def relying_sign_ins(self) -> RelyingSignIns: ...


@dataclass(frozen=True, slots=True)
class Resting:
    """Sign-ins at relying parties that rest on a session or a consent, and the clients among them, by `client_id`."""

    sign_ins: tuple[RelyingSignIn, ...]
    clients: Mapping[str, Client]


def client_subject(provider: TellsClients, service: AskingService, person_id: str) -> str:
    """The name one service knows a person by; services of two sectors cannot compare theirs."""
    return pairwise_subject(service.sector, person_id, provider.keys.subjects)


def client_sid(provider: TellsClients, client: AskingService, sid: str) -> str:
    """The `sid` by which one client knows our session: another for each sector, so that clients cannot compare them."""
    name = f"sid {client.sector} {sid}".encode()
    return hmac.digest(provider.keys.subjects, name, hashlib.sha256)[:16].hex()


async def resting_on_consent(
    provider: TellsClients, transaction: Transaction, person_id: str, client_id: str
) -> Resting:
    """The person's sign-ins at one client, which rest on the consent for it."""
    sign_ins = await provider.relying_sign_ins.of_person_and_client(person_id, client_id, transaction)
    return await _with_clients(provider, transaction, sign_ins)


async def end_session(
    provider: TellsClients,
    transaction: Transaction,
    record: Recorder,
    session: Session,
    *,
    by: str,
) -> None:
    """End a session, revoke the grants of its sign-ins and notify their clients; nothing where it had ended before.

    The client that asked for the logout is notified too: it may run on many machines, or several applications may share
    its name (Back-Channel Logout 1.0 §2.1).
    """
    now = provider.clock()
    if not await provider.sessions.end(transaction, session.sid):
        return  # another tab was quicker, and has told everyone
    sign_ins = await provider.relying_sign_ins.of_session(session.sid, transaction)
    resting = await _with_clients(provider, transaction, sign_ins)
    for sign_in in resting.sign_ins:
        revoked = await provider.grants.revoke(transaction, sign_in.grant_id, now=now, expires_at=sign_in.expires_at)
        if revoked:
            event = GrantRevoked(person_id=session.person_id, grant_id=sign_in.grant_id, reason="sign_out")
            await record(event)
        await provider.relying_sign_ins.remove(transaction, sign_in.grant_id)
    await transaction.insert(*logout_notices(provider, resting, about=f"session:{session.sid}"))
    await record(SignedOut(person_id=session.person_id, sid=session.sid, by=by))


async def end_every_session(
    provider: TellsClients,
    transaction: Transaction,
    record: Recorder,
    person_id: str,
    *,
    by: str,
    but: str | None = None,
) -> None:
    """Do as `end_session` for every session of a person, in whatever browser, except the one whose `sid` is `but`."""
    for session in await provider.sessions.of_person(person_id, transaction):
        if session.sid == but:
            continue
        await end_session(provider, transaction, record, session, by=by)


async def tell_no_longer_vouched(
    provider: TellsClients, transaction: Transaction, person_id: str, *, about: str, client_id: str | None = None
) -> None:
    """Notify every client that has the person's consent, or only `client_id`, that we vouch for them no more.

    The notice goes out also where no sign-in is open. It names no session, which means all of them (Back-Channel Logout
    1.0 §2.4), and so also ends what a relying party keeps open for longer, such as a bound device (docs/adr/0029).
    """
    services = {client_id} if client_id else set(await provider.consents.services_of(transaction, person_id))
    for service in sorted(services):
        client = await provider.clients.by_id(service, transaction)
        if client is not None and client.backchannel_logout_uri is not None:
            subject = pairwise_subject(client.sector, person_id, provider.keys.subjects)
            notice = LogoutNotice(client_id=client.client_id, subject=subject, sid=None)
            await transaction.insert(_message(provider, notice, client, about))


def logout_notices(provider: TellsClients, resting: Resting, *, about: str) -> list[Insert]:
    """The outbox rows: one for each session at each client that has a `backchannel_logout_uri`."""
    notices = dict.fromkeys(
        LogoutNotice(
            client_id=client.client_id,
            subject=sign_in.subject,
            sid=client_sid(provider, client, sign_in.sid),
        )
        for sign_in in resting.sign_ins
        if (client := resting.clients.get(sign_in.client_id)) is not None and client.backchannel_logout_uri is not None
    )
    return [_message(provider, notice, resting.clients[notice.client_id], about) for notice in notices]


def _message(provider: TellsClients, notice: LogoutNotice, client: Client, about: str) -> Insert:
    now = provider.clock()
    message = Message(
        id=provider.fresh.id(),
        channel="logout",
        recipient=client.backchannel_logout_uri or "",
        body=msgspec.json.encode(notice).decode(),
        about=about,
        created_at=now,
        due_at=now,
        expires_at=now + NOTICE_SECONDS,
    )
    return provider.outbox.adding(message)


async def _with_clients(provider: TellsClients, transaction: Transaction, sign_ins: list[RelyingSignIn]) -> Resting:
    clients = {}
    for client_id in {sign_in.client_id for sign_in in sign_ins}:
        client = await provider.clients.by_id(client_id, transaction)
        if client is not None:
            clients[client_id] = client
    return Resting(tuple(sign_ins), clients)

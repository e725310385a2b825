"""Our sessions as relying parties know them, and what rests on a session or a consent of ours.

Whoever ends either does so first and then, in the same transaction, loads what rests on it, revokes its
grants and puts the logout notices into the outbox (OpenID Connect Back-Channel Logout 1.0): loaded
before, a sign-in of that very moment would be missed. Which relying party is told what is decided here
only; the sending is `delivery/`.
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
    """What of a provider it takes to end what rests on its word, and to tell its clients."""

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
    """Sign-ins at relying parties, with the clients they were made by."""

    sign_ins: tuple[RelyingSignIn, ...]
    clients: Mapping[str, Client]


def client_sid(provider: TellsClients, client: Client, sid: str) -> str:
    """The name one client knows our session by; two clients cannot compare theirs."""
    name = f"sid {client.sector} {sid}".encode()
    return hmac.digest(provider.keys.subjects, name, hashlib.sha256)[:16].hex()


async def resting_on_consent(
    provider: TellsClients, transaction: Transaction, person_id: str, client_id: str
) -> Resting:
    """Where this person's consent for a client is in use."""
    found = await provider.relying_sign_ins.of_person_and_client(person_id, client_id, transaction)
    return await _with_clients(provider, transaction, found)


async def end_session(
    provider: TellsClients,
    transaction: Transaction,
    record: Recorder,
    session: Session,
    *,
    by: str,
) -> None:
    """End a session with all that rests on it. Every client of it is told, also the one that asked: it may run on many
    machines, or several applications may share its name (Back-Channel Logout 1.0 §2.1)."""
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
    """End all sessions of a person, in whatever browser, with all that rests on them; `but` is one that goes on."""
    for session in await provider.sessions.of_person(person_id, transaction):
        if session.sid == but:
            continue
        await end_session(provider, transaction, record, session, by=by)


async def tell_no_longer_vouched(
    provider: TellsClients, transaction: Transaction, person_id: str, *, about: str, client_id: str | None = None
) -> None:
    """Tell whoever has the person's consent that nobody vouches for them any more, with or without a living sign-in.

    A notice that names no session means all of them (Back-Channel Logout 1.0 §2.4), and with them whatever a relying
    party built on our word and keeps open for longer: a device that was bound (docs/adr/0029). `client_id`: only there.
    """
    wanted = {client_id} if client_id else set(await provider.consents.services_of(transaction, person_id))
    for one in sorted(wanted):
        client = await provider.clients.by_id(one, transaction)
        if client is not None and client.backchannel_logout_uri is not None:
            subject = pairwise_subject(client.sector, person_id, provider.keys.subjects)
            notice = LogoutNotice(client_id=client.client_id, subject=subject, sid=None)
            await transaction.insert(_message(provider, notice, client, about))


def logout_notices(provider: TellsClients, resting: Resting, *, about: str) -> list[Insert]:
    """One notice for each session at each client that wants any."""
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

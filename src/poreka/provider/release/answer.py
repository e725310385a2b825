"""Sending the browser back to the relying party: with a code, or with the reason there is none.

The code, the sign-in it belongs to, its single-use claim and the audit event are saved together; of
two tabs or clicks that come here with the same release, one gets a code.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import CodeIssued
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import Destination, SentToClient
from poreka.oidc.provider.authorization_code import Grant, Signed, SignedIn, grant
from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.oidc.provider.authorization_response import error_parameters, success_parameters
from poreka.oidc.provider.subject import pairwise_subject
from poreka.oidc.provider.tokens import ACCESS_TOKEN_LIFE
from poreka.provider.client_sessions import client_sid
from poreka.provider.release.client_return import to_client
from poreka.provider.store.relying_sign_ins import RelyingSignIn
from poreka.provider.system import Bank
from poreka.rules.anothers_word import methods_restated
from poreka.rules.levels import Level, level_reached
from poreka.rules.people.person import Fact
from poreka.store.database import Insert
from poreka.store.sessions import Session
from poreka.web.sessions import details_of


async def with_code(
    request: Request,
    bank: Bank,
    asked: AuthorizationRequest,
    client: Client,
    session: Session,
    facts: tuple[Fact, ...],
    once: Insert,
    signed: Signed | None = None,
) -> Response:
    """Answer with a code, unless it is about another person; raises `AlreadyThere` when `once` was claimed before."""
    signed_in = as_client_sees(bank, client, session)
    if asked.hinted_subject not in (None, signed_in.subject):
        wrong_person = SentToClient("login_required", "Another person is signed in.")
        return await without_code(request, bank, wrong_person, asked.destination)
    code, now = bank.fresh.secret(), bank.clock()
    granted = grant(
        asked,
        client,
        signed_in,
        grant_id=bank.fresh.id(),
        consented=frozenset(fact.value for fact in facts),
        signed=signed,
        now=now,
    )
    event = CodeIssued(
        person_id=session.person_id, client_id=client.client_id, grant_id=granted.grant_id, acr=granted.acr
    )
    await bank.audit.save(
        once,
        bank.codes.adding(granted, code),
        bank.relying_sign_ins.adding(_sign_in(granted, session)),
        event=event,
    )
    parameters = success_parameters(asked.destination, code, bank.origin)
    return await to_client(request, bank, bank.key_ring, asked.destination, parameters)


async def without_code(request: Request, bank: Bank, fault: SentToClient, destination: Destination) -> Response:
    """Answer that there is no code, and why as far as a relying party may know."""
    return await to_client(request, bank, bank.key_ring, destination, error_parameters(fault, destination, bank.origin))


def as_client_sees(bank: Bank, client: Client, session: Session) -> SignedIn:
    """The session's facts for one client: pairwise `sub` and `sid`, so that two clients cannot compare."""
    return SignedIn(
        person=session.person_id,
        subject=pairwise_subject(client.sector, session.person_id, bank.keys.subjects),
        sid=client_sid(bank, client, session.sid),
        auth_time=session.auth_time,
        acr=(level_reached(session.factors) or Level.LOW).acr,
        amr=tuple(methods_restated(details_of(session).amr, session.factors)),
    )


def _sign_in(granted: Grant, session: Session) -> RelyingSignIn:
    return RelyingSignIn(
        grant_id=granted.grant_id,
        person_id=granted.person,
        client_id=granted.client_id,
        sid=session.sid,
        subject=granted.subject,
        signed_in_at=granted.issued_at,
        # Kept as long as anything may rest on it: the tokens, and the other side's session of eight hours.
        expires_at=max(granted.expires_at + ACCESS_TOKEN_LIFE, granted.issued_at + 12 * 3600),
    )

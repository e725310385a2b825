"""The end of a release in OpenID Connect: the browser goes back to the relying party with a code, or with the reason
there is none.

The code, the sign-in it belongs to, its single-use claim and the audit event are saved together; of two tabs or clicks
that come here with the same release, one gets a code. `OpenidReply` is what the pages of a release know of this; its
reply is the request as it was found good, and it stands in `REPLY_KINDS`.
"""

from collections.abc import Mapping
from typing import cast

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import CodeIssued
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import Destination, SentToClient
from poreka.oidc.provider.authorization_code import Grant, Signed, SignedIn, grant
from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.oidc.provider.authorization_response import (
    Reason,
    access_denied,
    error_parameters,
    requirements_unmet,
    success_parameters,
)
from poreka.oidc.provider.tokens import ACCESS_TOKEN_LIFE
from poreka.provider.client_sessions import client_sid, client_subject
from poreka.provider.release.client_return import to_client
from poreka.provider.release.stored import OPENID
from poreka.provider.reply import Given, ReplyKind
from poreka.provider.rules.release import Ended, told_to_service
from poreka.provider.store.relying_sign_ins import RelyingSignIn
from poreka.provider.system import Bank
from poreka.rules.anothers_word import methods_restated
from poreka.rules.levels import Level, level_reached
from poreka.store.sessions import Session
from poreka.web.failures import StalePage
from poreka.web.sessions import details_of


class OpenidReply:
    """The `ReplyKind` of OpenID Connect."""

    async def service(self, system: Bank, service_id: str) -> Client | None:
        """The registered client."""
        known = await system.registry.find(service_id)
        return known.client if known else None

    async def with_data(self, request: Request, system: Bank, reply: msgspec.Raw, given: Given) -> Response:
        """Answer with a code."""
        asked = _request(reply)
        client = await self.service(system, asked.client_id)
        if client is None:
            raise StalePage
        return await with_code(request, system, asked, client, given)

    async def without_data(self, request: Request, system: Bank, reply: msgspec.Raw, ended: Ended) -> Response:
        """Answer with the error that says how the release ended."""
        return await without_code(request, system, fault_of(ended), _request(reply).destination)


REPLY_KINDS: Mapping[str, ReplyKind[Bank]] = {OPENID: OpenidReply()}
"""How releases are answered, by the name of the protocol that is stored with them."""


def _request(reply: msgspec.Raw) -> AuthorizationRequest:
    return msgspec.json.decode(reply, type=AuthorizationRequest)


def fault_of(ended: Ended) -> SentToClient:
    """The error for a release that ended without data."""
    return requirements_unmet() if ended is Ended.UNMET else access_denied(cast(Reason, told_to_service(ended)))


async def with_code(
    request: Request, bank: Bank, asked: AuthorizationRequest, client: Client, given: Given
) -> Response:
    """Answer with a code, unless it is about another person; raises `AlreadyThere` when it was answered before."""
    session = given.session
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
        consented=frozenset(fact.value for fact in given.facts),
        signed=_signed(asked, given),
        now=now,
    )
    event = CodeIssued(
        person_id=session.person_id, client_id=client.client_id, grant_id=granted.grant_id, acr=granted.acr
    )
    await bank.audit.save(
        given.once,
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
        subject=client_subject(bank, client, session.person_id),
        sid=client_sid(bank, client, session.sid),
        auth_time=session.auth_time,
        acr=(level_reached(session.factors) or Level.LOW).acr,
        amr=tuple(methods_restated(details_of(session).amr, session.factors)),
    )


def _signed(asked: AuthorizationRequest, given: Given) -> Signed | None:
    """What the request asked to have signed, with the operation that signed it."""
    if asked.signature is None:
        return None
    if given.signed_by is None:
        raise LookupError("a signature without its operation")
    return Signed(asked=asked.signature, operation_id=given.signed_by)


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

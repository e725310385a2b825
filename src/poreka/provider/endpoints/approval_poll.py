"""The token request of a relying party that asked a person in the app, without a browser (CIBA Core 1.0 §10, §11).

`with_approval` answers with tokens when the person has approved, and else raises `AnsweredAsJson`: still waiting,
denied, or over. One transaction ends the operation, uses the request up and saves tokens, statement and events, so an
approval gives tokens once. The phone counts as two factors, because the app answers by its key after its owner's own
check (docs/phone-devices.openapi.yaml). No browser takes part, so the grant has no session of ours.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import TokensIssued
from poreka.oidc.backchannel_authentication import SLOWER
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import AnsweredAsJson
from poreka.oidc.provider.authorization_code import CODE_LIFE, Grant, Signed
from poreka.oidc.provider.backchannel_poll import (
    LONGEST_INTERVAL,
    denied,
    not_known,
    over,
    presented_request,
    still_waiting,
    too_often,
)
from poreka.oidc.provider.subject import pairwise_subject
from poreka.oidc.provider.token_request import Binding, bound_as_required, checked_proof
from poreka.oidc.provider.tokens import ACCESS_TOKEN_LIFE, Issued, issue
from poreka.provider.approval_events import ApprovedElsewhere
from poreka.provider.authorising.operations_under_way import save_authorised
from poreka.provider.consents.agreed import agreed_to, facts_by_scopes
from poreka.provider.document_signing import SignatureMade
from poreka.provider.endpoints.client_call import ClientCall, address_called, claims_of, proof_in, replayed
from poreka.provider.endpoints.code_exchange import PATH, signature_with, token_answer
from poreka.provider.rules.approval_elsewhere import ApprovalStanding, how_it_stands, nobody_asked
from poreka.provider.store.backchannel_requests import Asked, BackchannelRequests, StoredRequest
from poreka.provider.store.customer_directory import Customer
from poreka.provider.store.relying_sign_ins import RelyingSignIn
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import Authorised, Operation, by_push
from poreka.rules.authorising.push_request import PushState
from poreka.rules.levels import Factor, Level, level_reached, methods_used
from poreka.store.database import AlreadyThere, Insert, Stale

FACTORS = (Factor.PASSKEY,)


async def with_approval(request: Request, bank: Bank, requests: BackchannelRequests, call: ClientCall) -> Response:
    """The tokens for the `auth_req_id` of a client that `client_call.py` has proven; raises `AnsweredAsJson`."""
    now = bank.clock()
    proof = checked_proof(proof_in(request), method="POST", url=address_called(request, bank, PATH), now=now)
    auth_req_id = presented_request(call.parameters, call.client)
    binding = bound_as_required(call.client, call.authenticated, proof)
    stored = await requests.load(auth_req_id, call.client.client_id)
    uses = claims_of(call.authenticated.single_use, proof.single_use if proof else None)
    asked = await _in_time(bank, stored, binding, uses)

    operation = await _approved(bank, requests, asked)
    customer = await bank.customers.by_id(asked.person_id or "")
    if operation is None or customer is None or not await _still_agreed(bank, call.client, asked):
        raise denied()
    after = by_push(operation, PushState.APPROVED, now)
    if not isinstance(after, Authorised):
        raise over()
    grant = _grant(bank, call.client, asked, now)
    await bank.key_ring.refresh()
    made = await signature_with(bank, grant, call.client)
    issued = issue(
        grant,
        binding,
        token=bank.fresh.secret(),
        issuer=bank.origin,
        key=bank.key_ring.signing(call.client.id_token_signed_response_alg),
        now=now,
        details=made.details if made else None,
        auth_req_id=auth_req_id,
    )
    await _save(bank, requests, asked, customer, (operation, after.operation), grant, issued, made)
    return token_answer(issued)


async def _in_time(bank: Bank, stored: StoredRequest | None, binding: Binding, uses: tuple[Insert, ...]) -> Asked:
    """The unused request of this client; raises `AnsweredAsJson`, also for a poll by another key than it is bound to.

    `uses` are saved first, so a client assertion or proof is used up by every poll, whatever its answer.
    """
    try:
        await bank.database.insert(*uses)
    except AlreadyThere as error:
        raise replayed(error.table) from error
    if stored is None or stored.used:
        raise not_known("used before" if stored else "no such request of this client")
    if stored.asked.jkt not in (None, binding.jkt):
        raise not_known("another key than that of the request")
    return stored.asked


async def _waiting(bank: Bank, requests: BackchannelRequests, asked: Asked) -> AnsweredAsJson:
    """The answer while the person has not answered: wait, or slow down for a client that came too early (§7.3).

    A poll after the person's answer does not come here, so no client is told to slow down then (§10.2).
    """
    now = bank.clock()
    if await requests.may_poll(bank.database, asked.id, now):
        return still_waiting()
    await requests.slow_down(bank.database, asked.id, now, by=SLOWER, most=LONGEST_INTERVAL)
    return too_often()


async def _approved(bank: Bank, requests: BackchannelRequests, asked: Asked) -> Operation | None:
    """The operation that the person approved; raises `AnsweredAsJson` for waiting, refused and lapsed.

    Where nobody could be asked, `nobody_asked` lets the request end like a refusal, so that asking shows nothing.
    """
    now = bank.clock()
    owned = await bank.operations.load(asked.operation_id) if asked.operation_id else None
    push = await bank.app_requests.of_operation(asked.operation_id) if asked.operation_id else None
    if owned is None or push is None:
        stands = nobody_asked(asked.denied_at, now)
    else:
        stands = how_it_stands(owned.operation, push, now)
    match stands:
        case ApprovalStanding.WAITING:
            raise await _waiting(bank, requests, asked)
        case ApprovalStanding.REFUSED:
            raise denied()
        case ApprovalStanding.LAPSED:
            raise over()
        case ApprovalStanding.APPROVED:
            return owned.operation if owned else None


async def _still_agreed(bank: Bank, client: Client, asked: Asked) -> bool:
    """Whether the person's consent still covers the request: it may have been withdrawn while the phone was asked."""
    person_id, signing = asked.person_id or "", asked.signature is not None
    return await agreed_to(bank, client, person_id, asked.scopes, signing=signing)


def _grant(bank: Bank, client: Client, asked: Asked, now: int) -> Grant:
    """The grant of the approval, without a session (`sid`) and an address to return to: no browser took part."""
    person_id, signature = asked.person_id or "", asked.signature
    facts = facts_by_scopes(client, asked.scopes, signing=signature is not None)
    return Grant(
        grant_id=bank.fresh.id(),
        client_id=client.client_id,
        person=person_id,
        subject=pairwise_subject(client.sector, person_id, bank.keys.subjects),
        sid="",
        scopes=asked.scopes,
        consented=frozenset(fact.value for fact in facts),
        auth_time=now,
        acr=(level_reached(FACTORS) or Level.LOW).acr,
        amr=tuple(methods_used(FACTORS)),
        redirect_uri="",
        signed=Signed(asked=signature, operation_id=asked.operation_id or "") if signature else None,
        issued_at=now,
        expires_at=now + CODE_LIFE,
    )


async def _save(
    bank: Bank,
    requests: BackchannelRequests,
    asked: Asked,
    customer: Customer,
    operation: tuple[Operation, Operation],
    grant: Grant,
    issued: Issued,
    made: SignatureMade | None,
) -> None:
    """Save everything in one transaction; raises `AnsweredAsJson` in the later of two polls that come at once."""
    person, client, expires_at = grant.person, grant.client_id, grant.issued_at + 12 * 3600
    sign_in = RelyingSignIn(
        grant_id=grant.grant_id,
        person_id=person,
        client_id=client,
        sid=f"app:{asked.id}",  # names no session of ours, but lets a withdrawn consent end this sign-in
        subject=grant.subject,
        signed_in_at=grant.issued_at,
        expires_at=max(expires_at, grant.issued_at + ACCESS_TOKEN_LIFE),
    )
    approved = ApprovedElsewhere(
        person_id=person, client_id=client, grant_id=grant.grant_id, operation_id=operation[0].id, acr=grant.acr
    )
    try:
        async with bank.audit.transaction() as (transaction, record):
            await requests.use(transaction, asked.id, grant.issued_at)
            await save_authorised(transaction, record, bank, customer, *operation)
            await transaction.insert(bank.tokens.adding(issued.record), bank.relying_sign_ins.adding(sign_in))
            await record(approved)
            await record(TokensIssued(person_id=person, client_id=client, grant_id=grant.grant_id))
            if made is not None:
                await transaction.insert(made.notice)
                await record(made.event)
    except (Stale, AlreadyThere) as error:
        raise not_known("used at the same moment") from error
    bank.wake_delivery()

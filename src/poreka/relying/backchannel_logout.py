"""Ending our sessions that rest on a provider's (OpenID Connect Back-Channel Logout 1.0 §2.5–2.8; P7).

POST /backchannel-logout

The token's issuer is first only a claim that finds the registration; the signature proves it. A token works
once: its `jti` is used up in the transaction that ends the sessions, so nothing is half done. Where the
provider's keys cannot be fetched the answer is 503, which a sender may try again; all other faults are 400.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignedOut
from poreka.audit.record import Recorder
from poreka.oidc.errors import AnsweredAsJson, KeyUnknown
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.logout import LoggedOut, check_logout_token, claimed_issuer
from poreka.outgoing.back_channel import PeerFault
from poreka.relying.relied_on import ReliedOn
from poreka.relying.system import Relying
from poreka.store.database import AlreadyThere, Transaction
from poreka.store.used_once import claiming
from poreka.web.forms import read_pairs

LONGEST_TOKEN = 16 * 1024
EndOne = Callable[[Relying, Transaction, Recorder, str], Awaitable[None]]
EndMore = Callable[[Transaction, Recorder], Awaitable[None]]
RETRY: Mapping[str, str] = {"retry-after": "30", "cache-control": "no-store"}


async def end_sessions(request: Request, system: Relying) -> Response:
    """End the sessions that a logout token means; 200 also when there are none."""
    logged_out = await believed(system, await token_in(request))
    await end_resting(system, logged_out, end_here)
    return Response(status_code=200, headers={"cache-control": "no-store"})


async def token_in(request: Request) -> str:
    """The logout token, the one parameter; others are ignored, as OAuth has it."""
    tokens = [value for name, value in await read_pairs(request, LONGEST_TOKEN) if name == "logout_token"]
    if len(tokens) != 1:
        raise _refused("There must be one logout_token.")
    return tokens[0]


async def believed(system: Relying, token: str) -> LoggedOut:
    """Which sessions the token means; raises `AnsweredAsJson` where it is not to be believed, or not now."""
    try:
        provider = _provider(system, claimed_issuer(token))
        registration = provider.registration
        return await system.documents.with_keys(
            registration.issuer,
            lambda keys: check_logout_token(registration, keys, token, system.clock()),
        )
    except (ProviderFault, KeyUnknown) as fault:
        raise _refused(fault.description, fault.detail) from fault
    except PeerFault as fault:
        raise AnsweredAsJson(
            "temporarily_unavailable", "Your keys cannot be fetched now.", status=503, headers=RETRY
        ) from fault


def _provider(system: Relying, issuer: str) -> ReliedOn:
    found = [one for one in system.relied_on.values() if one.registration.issuer == issuer]
    if not found:
        raise _refused("The issuer is not known here.")
    return found[0]


async def end_resting(system: Relying, logged_out: LoggedOut, end_one: EndOne, end_more: EndMore | None = None) -> None:
    """Use the token up, and call `end_one` for each session and each entry under way that it means, then `end_more`.

    Raises `AnsweredAsJson` when the token was used before; then nothing is ended.
    """
    single_use = logged_out.single_use
    try:
        async with system.audit.transaction() as (transaction, record):
            await transaction.insert(claiming(single_use.kind, single_use.value, single_use.expires_at))
            # Looked for again until nothing is left: an entry may have opened its session while we waited for it.
            while sids := await _resting(system, transaction, logged_out):
                for sid in sids:
                    await end_one(system, transaction, record, sid)
            if end_more is not None:
                await end_more(transaction, record)
    except AlreadyThere as used:
        raise _refused("The logout_token was used before.") from used


async def _resting(system: Relying, transaction: Transaction, logged_out: LoggedOut) -> list[str]:
    return await system.federated_sessions.resting_on(
        logged_out.issuer, provider_sid=logged_out.sid, subject=logged_out.sub, within=transaction
    )


async def end_here(system: Relying, transaction: Transaction, record: Recorder, sid: str) -> None:
    """End one session, or the entry that was to become it.

    Rows are deleted in the order of `systems/portal/entry` and of signing out, so that two transactions that end the
    same session never wait for each other.
    """
    resting = await system.federated_sessions.of_session(sid, transaction)
    person = (
        await system.federated_identities.person_of(resting.issuer, resting.subject, transaction) if resting else None
    )
    await system.journeys.remove(transaction, sid)  # an entry that was to become a session
    ended = await system.sessions.end(transaction, sid)
    await system.federated_sessions.remove(transaction, sid)
    if ended:
        await record(SignedOut(person_id=person, sid=sid, by="provider"))


def _refused(description: str, detail: str = "") -> AnsweredAsJson:
    return AnsweredAsJson("invalid_request", description, headers={"cache-control": "no-store"}, detail=detail)

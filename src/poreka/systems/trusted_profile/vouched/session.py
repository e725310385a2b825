"""A session that begins because another provider vouches for the person just now (T3).

It rests on that provider's session: a logout there ends it, and with it what rests on it here in turn. The factors
were used there; what counts here is that they were enough for the level substantial. When the person signed in and
by what methods is told on as the provider told it (`rules/anothers_word.py`).
"""

from starlette.requests import Request

from poreka.audit.record import Recorder
from poreka.provider.client_sessions import end_session
from poreka.relying.store.federated_sessions import FederatedSession
from poreka.rules.levels import Factor, Level
from poreka.store.database import Transaction
from poreka.systems.trusted_profile.events import VouchedSignIn
from poreka.systems.trusted_profile.rules.creation_record import VouchedBy
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.sessions import Details, new_session


async def open_vouched(
    request: Request,
    pz: TrustedProfileSystem,
    transaction: Transaction,
    record: Recorder,
    by: VouchedBy,
    owned: OwnedProfile,
    release: str = "",
) -> str:
    """Open it, with the link to the provider's person, in place of what this browser had; returns the cookie.

    `release`: the one that the person signed in for, if the provider was asked for a new sign-in for it.
    """
    facts = owned.profile.facts
    cookie = pz.cookies.secret(request, "session")
    earlier = await pz.sessions.by_cookie(cookie) if cookie else None
    if earlier is not None:
        await end_session(pz, transaction, record, earlier, by="person")
    name = f"{facts.first_name} {facts.surname}"
    details = Details(name=name, issuer=by.issuer, amr=by.amr, answers=release)
    opened = new_session(request, pz, owned.id, (Factor.VOUCHED,), details, by.auth_time)
    await transaction.insert(opened.row)
    await pz.relying.federated_identities.link(transaction, by.issuer, by.subject, owned.id, pz.clock())
    await transaction.insert(pz.relying.federated_sessions.adding(resting_on(by, opened.sid)))
    await record(VouchedSignIn(person_id=owned.id, issuer=by.issuer, sid=opened.sid, acr=Level.SUBSTANTIAL.acr))
    return opened.cookie


def resting_on(by: VouchedBy, name: str) -> FederatedSession:
    """What ends with the provider's session: a session of ours, or a journey that is to become one, by its id."""
    return FederatedSession(
        session_sid=name,
        issuer=by.issuer,
        subject=by.subject,
        provider_sid=by.provider_sid,
        id_token=by.id_token,
    )

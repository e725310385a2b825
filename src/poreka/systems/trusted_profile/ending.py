"""What rests on a trusted profile, ended: sessions with their tokens, relying parties told, phones removed.

Whoever ends, locks or changes a profile calls this in the transaction that does it: the owner, or an office. The
rule that allowed it, and the notice to the owner, are the caller's.
"""

from poreka.audit.record import Recorder
from poreka.provider.authorising.operations_under_way import cancel_operation
from poreka.provider.client_sessions import end_every_session, tell_no_longer_vouched
from poreka.provider.tool_events import AuthorisationToolChosen
from poreka.rules.authorising.push_request import PushState, as_of
from poreka.rules.authorising.tools import Tool
from poreka.store.database import Stale, Transaction
from poreka.systems.trusted_profile.events import TrustedProfileEnded
from poreka.systems.trusted_profile.phones.registry_over_http import removing_all
from poreka.systems.trusted_profile.rules.profile import EndedBy, TrustedProfile, gives_way, invalidate
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem


async def end_what_rests(
    pz: TrustedProfileSystem, transaction: Transaction, record: Recorder, owned: OwnedProfile, *, by: str
) -> None:
    """Every session ends, in whatever browser, tokens are revoked, relying parties told, and the phones are gone."""
    await end_every_session(pz, transaction, record, owned.id, by=by)
    await tell_no_longer_vouched(pz, transaction, owned.id, about=f"profile:{owned.id}")
    if pz.phones is not None:
        await transaction.insert(removing_all(pz.outbox, owned.user_name, pz.clock()))


async def replace_locked(
    pz: TrustedProfileSystem, transaction: Transaction, record: Recorder, earlier: OwnedProfile
) -> None:
    """A profile that is locked, or does not vouch yet, gives way to a new one; one that vouches does not: `Stale`."""
    rule = invalidate(earlier.profile, EndedBy.REPLACED, pz.clock())
    if not gives_way(earlier.profile, pz.clock()) or not isinstance(rule, TrustedProfile):
        raise Stale("trusted_profiles")
    await pz.profiles.save(transaction, earlier, earlier.under(rule))
    await end_every_session(pz, transaction, record, earlier.id, by="replaced")
    await record(TrustedProfileEnded(person_id=earlier.id, by=EndedBy.REPLACED.value))


async def withdraw_open(pz: TrustedProfileSystem, transaction: Transaction, owned: OwnedProfile) -> None:
    """The question that is open in the app now, if one is, with its operation."""
    for request in (await pz.app_requests.recent(owned.id, transaction))[:1]:
        if as_of(request, pz.clock()).state is PushState.OPEN:
            await cancel_operation(transaction, pz, await pz.operations.load(request.operation_id, transaction))


async def back_to_sms(
    pz: TrustedProfileSystem, transaction: Transaction, record: Recorder, owned: OwnedProfile
) -> None:
    """The owner who authorised in the app authorises by SMS again."""
    if await pz.tools.current(owned.id, transaction) is Tool.PUSH:
        await pz.tools.choose(transaction, owned.id, Tool.SMS)
        await record(AuthorisationToolChosen(person_id=owned.id, tool=Tool.SMS.value))

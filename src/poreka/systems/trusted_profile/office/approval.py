"""POST /desk/proposals/{proposal}/approve: another clerk approves, and the act is carried out in the same transaction.

An end is for good. A change of facts keeps the profile valid, but nothing goes on with the old facts: every session
ends, relying parties are told and get the new facts at the next sign-in, and phones, which vouch by themselves, are
to be connected anew. A PESEL has one valid profile; a change that would make it two is refused. The owner is told of
everything but a death.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.contracts.desk import Approving, signed_words
from poreka.contracts.desk_words import Act
from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.authorising.tools import Tool
from poreka.rules.people.person import PersonFacts, differing_facts
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.systems.trusted_profile.ending import back_to_sms, end_what_rests, withdraw_open
from poreka.systems.trusted_profile.events import FactsChanged, ProposalDecided, TrustedProfileEnded
from poreka.systems.trusted_profile.notices import notice
from poreka.systems.trusted_profile.office.door import acting, check_signed, conflict, desk_of
from poreka.systems.trusted_profile.office.proposals import (
    FoundProposal,
    allowed,
    answer,
    changed_facts,
    ended,
    proposal,
)
from poreka.systems.trusted_profile.rules.profile import NotPossible, TrustedProfile, invalidate, renamed
from poreka.systems.trusted_profile.rules.proposal import ENDS, approve
from poreka.systems.trusted_profile.store.profile_proposals import Decision
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.door.asker import read_document
from poreka.web.texts import DEFAULT_LANGUAGE


async def take_approval(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/proposals/{proposal}/approve."""
    desk = desk_of(request, pz)
    told = await read_document(request, Approving)
    clerk, found = acting(pz, desk, told.clerk), await proposal(request, pz)

    signed = check_signed(told.signed, signed_words("approve", found.kept.id))
    decided = allowed(approve(found.kept.rule, clerk, pz.clock()))

    wanted, decision = found.kept.content.facts, Decision(clerk_name=told.clerk.name, signed=told.signed)
    facts = await changed_facts(pz, found.owned, wanted) if wanted is not None else None
    try:
        async with pz.audit.transaction() as (transaction, record):
            await pz.proposals.decide(transaction, found.kept, decided, decision)
            await record(
                ProposalDecided(
                    person_id=found.owned.id,
                    proposal_id=found.kept.id,
                    act=decided.act.value,
                    outcome="approved",
                    by=clerk.id,
                    signed=signed,
                )
            )
            if facts is not None:
                await _change(pz, transaction, record, found, facts, clerk.id)
            else:
                await _end(pz, transaction, record, found)
    except AlreadyThere:
        raise conflict("pesel_held", "Another valid profile has this PESEL.") from None
    except Stale:
        raise ended() from None
    pz.wake_delivery()
    return answer(found.kept, decided)


async def _end(pz: TrustedProfileSystem, transaction: Transaction, record: Recorder, found: FoundProposal) -> None:
    owned, act = found.owned, found.kept.rule.act
    after = _possible(invalidate(owned.profile, ENDS[act], pz.clock()))
    await pz.profiles.save(transaction, owned, owned.under(after))
    await record(TrustedProfileEnded(person_id=owned.id, by=ENDS[act].value))
    await end_what_rests(pz, transaction, record, owned, by=ENDS[act].value)
    if act is Act.INVALIDATION and found.kept.content.reason is not None:
        texts = pz.texts[DEFAULT_LANGUAGE]
        why = texts(f"trusted.office_ended.{found.kept.content.reason.value}")
        await transaction.insert(notice(pz, texts, owned, "office_ended", why=why))


async def _change(
    pz: TrustedProfileSystem,
    transaction: Transaction,
    record: Recorder,
    found: FoundProposal,
    facts: PersonFacts,
    by: str,
) -> None:
    owned = found.owned
    after = _possible(renamed(owned.profile, facts, pz.clock()))
    await pz.profiles.make_room(transaction, facts.pesel, owned.user_name)
    await pz.profiles.save(transaction, owned, owned.under(after))
    differing = sorted(fact.value for fact in differing_facts(owned.profile.facts, facts))
    await record(FactsChanged(person_id=owned.id, fields=tuple(differing), by=by))
    await withdraw_open(pz, transaction, owned)
    await end_what_rests(pz, transaction, record, owned, by="facts")
    await back_to_sms(pz, transaction, record, owned)
    await pz.tools.drop(transaction, owned.id, Tool.PUSH)
    await transaction.insert(notice(pz, pz.texts[DEFAULT_LANGUAGE], owned, "facts_changed"))


def _possible(after: TrustedProfile | NotPossible) -> TrustedProfile:
    if isinstance(after, NotPossible):
        raise AnsweredAsJson("profile_ended", "The profile has ended meanwhile.", status=409)
    return after

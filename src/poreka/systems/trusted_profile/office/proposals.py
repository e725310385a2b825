"""The desk's calls about proposals for valid profiles: one clerk proposes, another decides (four eyes).

POST /desk/profiles/{profile}/proposals   makes a proposal
POST /desk/proposals                      lists the open proposals, without names
POST /desk/proposals/{proposal}           shows one with the person's facts; the look is recorded
POST /desk/proposals/{proposal}/reject    rejects it, by another clerk

Approving is in `approval.py`. `systems/trusted_profile/rules/proposal.py` decides; every refusal is raised as
`AnsweredAsJson`.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts import desk as messages
from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.people.names import NameFault, read_name
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import PeselFault, read_pesel
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import AlreadyThere, Stale
from poreka.systems.trusted_profile.events import ProposalDecided, ProposalMade, ProposalOpened
from poreka.systems.trusted_profile.office.door import (
    MOST_SHOWN,
    acting,
    check_signed,
    conflict,
    desk_of,
    not_for,
    not_there,
)
from poreka.systems.trusted_profile.office.owner_approval import owner_approval
from poreka.systems.trusted_profile.office.profiles import valid_profile
from poreka.systems.trusted_profile.rules.proposal import (
    Clerk,
    NotForThisClerk,
    NotOpen,
    Proposal,
    is_same,
    propose,
    reject,
)
from poreka.systems.trusted_profile.store.profile_proposals import Content, Decision, KeptProposal
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.door.asker import read_document


@dataclass(frozen=True, slots=True)
class FoundProposal:
    """A proposal with the profile it is about."""

    kept: KeptProposal
    owned: OwnedProfile


async def take_proposal(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/profiles/{profile}/proposals."""
    desk = desk_of(request, pz)
    sent = await read_document(request, messages.Proposing)
    clerk, owned = acting(pz, desk, sent.clerk), await valid_profile(pz, request.path_params["profile"])
    if not messages.is_complete(sent):
        raise AnsweredAsJson("invalid_request", "The act wants other particulars.", status=400)
    signed = check_signed(sent.signed, messages.signed_words(f"propose/{sent.act.value}", owned.id))
    concerns = {pz.profiles.index_of(owned.profile.facts.pesel)}
    if sent.facts is not None:
        facts = await changed_facts(pz, owned, sent.facts)
        concerns.add(pz.profiles.index_of(facts.pesel))

    days = pz.settings.trusted_profile.proposal_days
    rule = propose(sent.act, frozenset(concerns), clerk, pz.clock(), days)

    if isinstance(rule, NotForThisClerk):
        raise not_for(rule)
    used = await owner_approval(pz, desk, owned, sent)
    kept = KeptProposal(id=pz.fresh.id(), profile_id=owned.id, rule=rule, content=_content(sent, bool(used)))
    try:
        async with pz.audit.transaction() as (transaction, record):
            await pz.proposals.end_overdue(transaction)
            await transaction.insert(pz.proposals.adding(kept), *used)
            await record(_made(kept, signed))
    except AlreadyThere:
        raise conflict("proposal_open", "Something is proposed for this profile already.") from None
    made = messages.ProposalDecided(id=kept.id, state=rule.state)
    return Response(msgspec.json.encode(made), 201, media_type="application/json")


async def list_open(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/proposals."""
    desk = desk_of(request, pz)
    clerk = acting(pz, desk, (await read_document(request, messages.ByClerk)).clerk)
    lines = tuple(_line(clerk, kept) for kept in await pz.proposals.waiting(MOST_SHOWN))
    return Response(msgspec.json.encode(messages.Proposals(proposals=lines)), media_type="application/json")


async def show(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/proposals/{proposal}."""
    desk = desk_of(request, pz)
    clerk = acting(pz, desk, (await read_document(request, messages.ByClerk)).clerk)
    found = await proposal(request, pz)
    await pz.audit.save(event=ProposalOpened(person_id=found.owned.id, proposal_id=found.kept.id, by=clerk.id))
    return Response(msgspec.json.encode(_details(clerk, found)), media_type="application/json")


async def take_rejection(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/proposals/{proposal}/reject."""
    desk = desk_of(request, pz)
    sent = await read_document(request, messages.Rejecting)
    clerk, found = acting(pz, desk, sent.clerk), await proposal(request, pz)

    signed = check_signed(sent.signed, messages.signed_words("reject", found.kept.id))
    decided = allowed(reject(found.kept.rule, clerk, pz.clock()))

    kept = found.kept
    event = ProposalDecided(
        person_id=found.owned.id,
        proposal_id=kept.id,
        act=kept.rule.act.value,
        outcome="rejected",
        by=clerk.id,
        signed=signed,
    )
    try:
        async with pz.audit.transaction() as (transaction, record):
            decision = Decision(clerk_name=sent.clerk.name, note=sent.note, signed=sent.signed)
            await pz.proposals.decide(transaction, kept, decided, decision)
            await record(event)
    except Stale:
        raise ended() from None
    return answer(kept, decided)


async def proposal(request: Request, pz: TrustedProfileSystem) -> FoundProposal:
    """The proposal that the address names, with its profile; raises `AnsweredAsJson` (404)."""
    kept = await pz.proposals.load(request.path_params["proposal"])
    owned = await pz.profiles.load(kept.profile_id) if kept else None
    if kept is None or owned is None:
        raise not_there("proposal")
    return FoundProposal(kept, owned)


def allowed(decided: Proposal | NotForThisClerk | NotOpen) -> Proposal:
    """The decided proposal; raises `AnsweredAsJson` where the rule refused the clerk or the proposal is not open."""
    if isinstance(decided, NotForThisClerk):
        raise not_for(decided)
    if isinstance(decided, NotOpen):
        raise ended()
    return decided


def ended() -> AnsweredAsJson:
    """The refusal (409) for a proposal that another clerk has decided, or that has lapsed."""
    return conflict("decided", "The proposal is open no more.")


def answer(kept: KeptProposal, decided: Proposal) -> Response:
    """The response that says how the proposal stands after the decision."""
    document = messages.ProposalDecided(id=kept.id, state=decided.state)
    return Response(msgspec.json.encode(document), media_type="application/json")


async def changed_facts(pz: TrustedProfileSystem, owned: OwnedProfile, new: messages.NewFacts) -> PersonFacts:
    """The new facts of an owner; raises `AnsweredAsJson` where they are unreadable, change nothing, or have the PESEL
    of another valid profile."""
    first_name, surname, pesel = read_name(new.first_name), read_name(new.surname), read_pesel(new.pesel)
    if isinstance(first_name, NameFault) or isinstance(surname, NameFault) or isinstance(pesel, PeselFault):
        raise AnsweredAsJson("invalid_request", "These are no facts of a person.", status=400)
    facts, before = PersonFacts(first_name=first_name, surname=surname, pesel=pesel), owned.profile.facts
    if facts == before:
        raise conflict("same_facts", "Nothing would change.")
    other = await pz.profiles.valid_of(pesel)
    if other is not None and other.id != owned.id:
        raise conflict("pesel_held", "Another valid profile has this PESEL.")
    return facts


def _content(sent: messages.Proposing, owner_approved: bool) -> Content:
    return Content(
        clerk_name=sent.clerk.name,
        reason=sent.reason,
        reference=sent.reference,
        note=sent.note,
        facts=sent.facts,
        owner_approved=owner_approved,
        signed=sent.signed,
    )


def _made(kept: KeptProposal, signed: str) -> ProposalMade:
    return ProposalMade(
        person_id=kept.profile_id,
        proposal_id=kept.id,
        act=kept.rule.act.value,
        reason=kept.content.reason.value if kept.content.reason else "",
        by=kept.rule.by.id,
        owner_approved=kept.content.owner_approved,
        signed=signed,
    )


def _line(clerk: Clerk, kept: KeptProposal) -> messages.OpenProposal:
    return messages.OpenProposal(
        id=kept.id,
        act=kept.rule.act,
        proposed_by=kept.content.clerk_name,
        proposed_at=warsaw_moment(kept.rule.proposed_at),
        until=warsaw_moment(kept.rule.until),
        own=clerk.person in kept.rule.concerns,
        mine=_is_mine(clerk, kept),
    )


def _is_mine(clerk: Clerk, kept: KeptProposal) -> bool:
    return is_same(clerk, kept.rule.by)


def _details(clerk: Clerk, found: FoundProposal) -> messages.ProposalTold:
    """The proposal in full; a clerk whom it concerns (`own`) gets no PESEL, note or new facts."""
    kept, rule, facts = found.kept, found.kept.rule, found.owned.profile.facts
    own, content = clerk.person in rule.concerns, found.kept.content
    return messages.ProposalTold(
        id=kept.id,
        profile=kept.profile_id,
        act=rule.act,
        state=rule.state,
        first_name=facts.first_name,
        surname=facts.surname,
        pesel="" if own else facts.pesel.digits,
        proposed_by=content.clerk_name,
        proposed_at=warsaw_moment(rule.proposed_at),
        until=warsaw_moment(rule.until),
        own=own,
        mine=_is_mine(clerk, kept),
        reason=content.reason,
        reference=content.reference,
        note="" if own else content.note,
        facts=None if own else content.facts,
        owner_approved=content.owner_approved,
    )

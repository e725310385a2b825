"""Where a release stands: what is stored of it, and what is true now, put together.

The state is always brought up to date from the session, the customer, the consent and the
operation as they are now, so that no page and no tab can claim more than what was really done.
`current_state` is pure; `load` reads. Which step comes next is `provider.rules.release.stands_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec
from starlette.requests import Request

from poreka.provider.authorising.customer_tools import CustomerTools, policy_of, tools_of
from poreka.provider.authorising.operation_now import has_lapsed, push_of, still_counts
from poreka.provider.consents.shown_text import consent_text, hashes_now, text_version
from poreka.provider.release.stored import Release, read_release
from poreka.provider.reply import ReplyKind
from poreka.provider.rules.consent import AskedFacts, Remembered, recall, worded_facts
from poreka.provider.rules.consent_text import ConsentText, text_hash
from poreka.provider.rules.eligibility import eligibility
from poreka.provider.rules.release import STEPS, ReleaseState, code_needed, with_eligibility
from poreka.provider.rules.wish import AskingService, Wish, facts_granted
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.push_request import PushRequest
from poreka.rules.journey import go_back
from poreka.rules.limits.code_allowance import WINDOW, Begun, CodeAllowance, Pot, begins_again_at, may_answer, may_begin
from poreka.rules.people.person import Fact
from poreka.store.journeys import Journey
from poreka.store.operations import OwnedOperation
from poreka.store.sessions import Session
from poreka.web.failures import StalePage
from poreka.web.own_journey import own_journey
from poreka.web.sessions import details_of, session_of

KIND = "release"


BY_DEFAULT = CustomerTools()


@dataclass(frozen=True, slots=True)
class Means:
    """What a customer can authorise with now, and what of the day's codes is spent, by what they were for.

    `begun`: an operation was issued, so that it matters only whether it may be answered.
    """

    tools: CustomerTools = BY_DEFAULT
    spent: Mapping[Pot, tuple[Begun, ...]] = field(default_factory=dict)
    begun: bool = False

    def are_spent(self, pot: Pot) -> bool:
        """The day's codes for this purpose are used up."""
        allowed = may_answer if self.begun else may_begin
        return not allowed(self.spent.get(pot, ()), CodeAllowance())

    def again_at(self, pot: Pot) -> int:
        """From when there are; 0: now."""
        return begins_again_at(self.spent.get(pot, ()), CodeAllowance())


BY_SMS = Means()


def pot_of(state: ReleaseState) -> Pot:
    """What the operation of a release is counted for."""
    if state.signing:
        return Pot.SIGNING
    return Pot.SIGN_IN if state.consent_remembered else Pot.CONSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The signed-in customer, as the bank knows them."""

    session: Session
    customer: Customer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStanding:
    """Everything a step needs to know."""

    journey: Journey
    release: Release
    kind: ReplyKind[Bank]  # who answers it in the end
    service: AskingService
    text: ConsentText
    person: Person | None
    consent: ConsentRecord | None
    operation: OwnedOperation | None
    means: Means
    push: PushRequest | None = None  # the operation's request, where it is authorised by push
    lapsed: bool = False  # the time of the last code is over: there is no operation, and another may be asked for

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that would be released."""
        return facts_granted(self.release.wish, self.service)

    def signed_in(self) -> Person:
        """The person of a step that comes after the sign-in."""
        if self.person is None:
            raise StalePage
        return self.person


async def load(request: Request, bank: Bank, journey_id: str | None = None) -> ReleaseStanding:
    """The release that the address names unless it is named here, in this browser; raises `StalePage`."""
    journey, now = await own_journey(request, bank, KIND, journey_id), bank.clock()
    release = read_release(journey.state)
    kind, wish = bank.reply_kinds.get(release.protocol), release.wish
    service = await kind.service(bank, wish.service) if kind else None
    if kind is None or service is None:
        raise StalePage
    person = await person_of(bank, await session_of(request, bank))
    operation = await _operation_of(bank, release.state.operation_id, person)
    lapsed = has_lapsed(operation, now)
    operation = None if lapsed else operation
    consent = await bank.consents.in_force(person.customer.id, wish.service) if person else None
    push = await push_of(bank, operation)
    means = await means_of(bank, person, release.state, operation) if person else BY_SMS
    counted = operation if still_counts(operation, push, now) else None
    state = current_state(bank, wish, release.state, service, person, consent, counted, now, means, journey.id)
    text = consent_text(bank, service, facts_granted(wish, service))
    release = msgspec.structs.replace(release, state=_asked_again(state, text))
    return ReleaseStanding(
        journey=journey,
        release=release,
        kind=kind,
        service=service,
        text=text,
        person=person,
        consent=consent,
        operation=operation,
        means=means,
        push=push,
        lapsed=lapsed,
    )


def _asked_again(state: ReleaseState, text: ConsentText) -> ReleaseState:
    """Who agreed to other words, or to other facts, than those of now is asked again (P6)."""
    still_open = state.operation in (None, OperationState.ISSUED, OperationState.AUTHORISED)
    if state.consented and still_open and state.text_hash != text_hash(text):
        return go_back(STEPS, state, "informed_and_consented")
    return state


async def _operation_of(bank: Bank, operation_id: str | None, person: Person | None) -> OwnedOperation | None:
    """The operation of this release, unless it is none for whoever is signed in now."""
    operation = await bank.operations.load(operation_id) if operation_id else None
    if operation is not None and person is not None and not _counts_for(operation, person):
        return None
    return operation


def _counts_for(operation: OwnedOperation, person: Person) -> bool:
    """An operation is its customer's alone; once authorised, it counts in the session that it strengthened."""
    proven = operation.operation.tool.factor in person.session.factors
    spent = operation.operation.state is OperationState.AUTHORISED and not proven
    return operation.person_id == person.customer.id and not spent


async def person_of(bank: Bank, session: Session | None, customer: Customer | None = None) -> Person | None:
    """The customer of a session."""
    if session is None:
        return None
    customer = customer or await bank.customers.by_id(session.person_id)
    if customer is None:
        return None
    return Person(session=session, customer=customer)


async def means_of(
    bank: Bank, person: Person, state: ReleaseState | None = None, operation: OwnedOperation | None = None
) -> Means:
    """The customer's tools, and whether the day's codes are spent; a tool taken instead is the current one here."""
    customer_id, now = person.customer.id, bank.clock()
    tools = await tools_of(bank, customer_id)
    if state and state.instead and state.customer == customer_id:
        tools = replace(tools, current=state.instead)
    return Means(tools, await bank.operations.spent_since(customer_id, now - WINDOW), operation is not None)


def current_state(
    bank: Bank,
    wish: Wish,
    state: ReleaseState,
    service: AskingService,
    person: Person | None,
    consent: ConsentRecord | None,
    operation: OwnedOperation | None,
    now: int,
    means: Means,
    journey_id: str = "",
) -> ReleaseState:
    """The state as it is now; a wish that met nobody yet has no journey."""
    state = _with_person(state, person, journey_id)
    if person is None:
        return state
    remembered = _is_remembered(bank, wish, service, consent)
    state = msgspec.structs.replace(
        state,
        consent_remembered=remembered,
        operation=operation.operation.state if operation else None,
    )
    tool = operation.operation.tool if operation else means.tools.current
    record = msgspec.structs.replace(
        person.customer.record,
        codes_spent=means.are_spent(pot_of(state)),
        tool=tool,
        readiness=means.tools.readiness(tool, now),
        sms_withheld=state.withheld,
    )
    found = eligibility(record, policy_of(bank), code_needed=code_needed(state), now=now)
    return with_eligibility(state, found)


def _with_person(state: ReleaseState, person: Person | None, journey_id: str) -> ReleaseState:
    """Who is signed in now; another person than before starts from the first step."""
    who = person.customer.id if person else None
    if state.customer is not None and state.customer != who:
        state = go_back(STEPS, state, "sign_in")
    if person is None:
        return state
    session = person.session
    for_this = bool(journey_id) and details_of(session).answers == journey_id
    return msgspec.structs.replace(
        state, customer=who, signed_in_at=session.auth_time, signed_in_for_this=for_this, factors=session.factors
    )


def _is_remembered(bank: Bank, wish: Wish, service: AskingService, record: ConsentRecord | None) -> bool:
    """P6, and no wish may be answered from memory that asks for the question itself."""
    if wish.consent_anew:
        return False
    facts, consent = facts_granted(wish, service), record.consent if record else None
    asked = AskedFacts(
        service=service.client_id,
        text_version=text_version(bank),
        text_hashes=hashes_now(bank, service, worded_facts(consent, facts)),
        facts=facts,
        level=wish.level,
        every_time=service.consent_policy == "every_time",
    )
    return isinstance(recall(consent, asked), Remembered)


def question_here(bank: Bank, standing: ReleaseStanding) -> str:
    """The page on which this very phone answers a question that it asked itself; empty where this is no phone."""
    asked, phone = standing.push, details_of(standing.signed_in().session).device
    return f"{bank.questions_at}/{asked.id}" if bank.questions_at and phone and asked else ""

"""The calls by which a provider enrols a customer's phone at the app (T4).

POST /enrolments                       begins one; the answer holds an address for a QR code, and a code to type
GET  /enrolments/{enrolment}?customer= says how it stands
POST /enrolments/{enrolment}/confirm   brings the number that the owner read off the phone and typed at the provider
POST /enrolments/{enrolment}/cancel

`asker_of` admits a provider; `_load` answers 404 for another provider's or customer's enrolment. With the right number
`_enrol` saves the person, the phone and its key in one transaction. The phone's side is `systems/mobywatel/enrolment`;
the reasons for the number are in docs/adr/0024.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.phone_events import DeviceEnrolled
from poreka.audit.record import Recorder
from poreka.contracts.phone_devices import LONGEST_NAME, Confirmation, EnrolmentTold, ForCustomer, Offer, Offered
from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.authorising.tools import Held, Tool
from poreka.rules.enrolment_code import (
    LIFE,
    Enrolment,
    EnrolmentState,
    NotNow,
    as_of,
    cancel,
    code_of,
    confirm,
    phone_number,
    shown_code,
)
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel, read_pesel
from poreka.rules.warsaw_time import warsaw_moment
from poreka.shown_words import is_fit_for_name
from poreka.store.database import Stale, Transaction
from poreka.systems.mobywatel.asker_known import AskerKnown
from poreka.systems.mobywatel.events import EnrolmentEnded, EnrolmentOffered
from poreka.systems.mobywatel.phones.session_phone import remove_phone
from poreka.systems.mobywatel.registry.asker import asker_of
from poreka.systems.mobywatel.store.app_people import AppPerson
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.store.enrolments import KeptEnrolment, OfferedTo
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.door.asker import read_document
from poreka.web.forms import once, query_pairs

MOST_PHONES = 10


async def offer(request: Request, app: Mobywatel) -> Response:
    """POST /enrolments."""
    asker = asker_of(request, app)
    sent = await read_document(request, Offer)
    named = all(is_fit_for_name(name, LONGEST_NAME) for name in (sent.first_name, sent.surname))
    if not isinstance(read_pesel(sent.pesel), Pesel) or not named:
        raise AnsweredAsJson("invalid_request", "These are no facts of a person.", status=400)
    code, now = code_of(app.fresh.bytes(16)), app.clock()
    rule = Enrolment(id=app.fresh.id(), expires_at=now + LIFE)
    to = OfferedTo(customer=sent.customer, first_name=sent.first_name, surname=sent.surname, pesel=sent.pesel)
    kept = KeptEnrolment(rule=rule, asker=asker.key, to=to)

    async with app.audit.transaction() as (transaction, record):
        await transaction.insert(app.enrolments.adding(kept, code))
        await record(EnrolmentOffered(person_id=None, enrolment_id=rule.id, asker=asker.key))
    offered = Offered(
        id=rule.id,
        code=shown_code(code),
        address=f"{app.origin}/enrol#{code}",  # a fragment is sent to no server and stands in no log
        expires_at=warsaw_moment(rule.expires_at),
    )
    return Response(msgspec.json.encode(offered), 201, media_type="application/json")


async def show(request: Request, app: Mobywatel) -> Response:
    """GET /enrolments/{enrolment}?customer=…"""
    asker = asker_of(request, app)
    kept = await _load(request, app, asker, once(query_pairs(request), ("customer",))["customer"])
    return _state_of(kept, as_of(kept.rule, app.clock()))


async def take_number(request: Request, app: Mobywatel) -> Response:
    """POST /enrolments/{enrolment}/confirm; a second time with nothing changed is answered as the first."""
    asker = asker_of(request, app)
    sent = await read_document(request, Confirmation)
    kept = await _load(request, app, asker, sent.customer)

    decided = confirm(kept.rule, sent.number, phone_number(app.keys.codes, kept.rule), app.clock())

    if isinstance(decided, NotNow):
        return _state_of(kept, as_of(kept.rule, app.clock()), 200 if decided.state is EnrolmentState.CONFIRMED else 409)
    try:
        async with app.audit.transaction() as (transaction, record):
            await app.enrolments.save(transaction, kept.rule, decided)
            if decided.state is EnrolmentState.CONFIRMED:
                await _enrol(app, transaction, record, kept)
            else:
                await record(EnrolmentEnded(person_id=None, enrolment_id=kept.rule.id, outcome="refused"))
    except Stale:
        kept = await _load(request, app, asker, sent.customer)
        return _state_of(kept, as_of(kept.rule, app.clock()), 409)
    return _state_of(kept, decided)


async def give_up(request: Request, app: Mobywatel) -> Response:
    """POST /enrolments/{enrolment}/cancel."""
    asker = asker_of(request, app)
    sent = await read_document(request, ForCustomer)
    kept = await _load(request, app, asker, sent.customer)

    decided = cancel(kept.rule, app.clock())

    if isinstance(decided, Enrolment):
        try:
            async with app.audit.transaction() as (transaction, record):
                await app.enrolments.save(transaction, kept.rule, decided)
                await record(EnrolmentEnded(person_id=None, enrolment_id=kept.rule.id, outcome="cancelled"))
        except Stale:
            return _state_of(kept, kept.rule, 409)
    return _state_of(kept, decided if isinstance(decided, Enrolment) else as_of(kept.rule, app.clock()))


async def _enrol(app: Mobywatel, transaction: Transaction, record: Recorder, kept: KeptEnrolment) -> None:
    """Save the person and the phone; raises `Stale` where the phone has no key yet or the person has `MOST_PHONES`."""
    if kept.device is None or kept.rule.key is None:
        raise Stale("enrolments")
    person, now = await _person(app, transaction, record, kept.to), app.clock()
    if len(await app.devices.of_person(person.id, transaction)) >= MOST_PHONES:
        raise Stale("devices")
    device = Device(
        id=kept.rule.id,  # the one name that both sides know it by
        person_id=person.id,
        name=kept.device.name,
        key_id=kept.rule.key,
        key=kept.device.key,
        uses=kept.device.uses,
        added_at=now,
    )
    await transaction.insert(app.devices.adding(device))
    await app.tools.hold(transaction, person.id, Held(tool=Tool.PUSH))  # for what the person authorises here
    await app.tools.choose(transaction, person.id, Tool.PUSH)
    await record(DeviceEnrolled(person_id=person.id, device_id=device.id))


async def _person(app: Mobywatel, transaction: Transaction, record: Recorder, to: OfferedTo) -> AppPerson:
    """The person of this PESEL, made where there is none, with the customer name that the provider has now.

    A customer name may pass to another person, and a person may come back under another customer name. Both times
    phones that were enrolled under the earlier name are removed (docs/adr/0024).
    """
    pesel = Pesel(to.pesel)
    facts = PersonFacts(first_name=to.first_name, surname=to.surname, pesel=pesel)
    namesake = await app.people.of_customer(to.customer, transaction)
    known = await app.people.of_pesel(pesel, transaction)
    if namesake is not None and (known is None or namesake.id != known.id):
        await _remove_all(app, transaction, record, namesake)
        await app.people.forget_customer(transaction, namesake.id)
    if known is None:
        person = AppPerson(id=app.fresh.id(), customer=to.customer, facts=facts)
        await transaction.insert(app.people.adding(person, app.clock()))
        return person
    if known.customer != to.customer:
        await _remove_all(app, transaction, record, known)
    person = AppPerson(id=known.id, customer=to.customer, facts=facts)
    await app.people.rename(transaction, person)
    return person


async def _remove_all(app: Mobywatel, transaction: Transaction, record: Recorder, person: AppPerson) -> None:
    for device in await app.devices.of_person(person.id, transaction):
        await remove_phone(app, transaction, record, device, by="provider")


async def _load(request: Request, app: Mobywatel, asker: AskerKnown, customer: str) -> KeptEnrolment:
    """The enrolment that the address names, of this provider and customer; raises `AnsweredAsJson` (404)."""
    kept = await app.enrolments.load(request.path_params["enrolment"])
    if kept is None or kept.asker != asker.key or kept.to.customer != customer:
        raise AnsweredAsJson("not_found", "There is no such enrolment of this customer.", status=404)
    return kept


def _state_of(kept: KeptEnrolment, rule: Enrolment, status: int = 200) -> Response:
    document = EnrolmentTold(id=rule.id, state=rule.state, device=kept.device.name if kept.device else "")
    return Response(msgspec.json.encode(document), status, media_type="application/json")

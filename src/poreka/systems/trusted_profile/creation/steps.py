"""What is typed before the codes: who the person is, where nobody vouches, and how they are reached.

POST /new/{journey}/facts     an application only
POST /new/{journey}/contact   the code goes to the phone at once
POST /new/{journey}/back      to the contact data: both codes are forgotten
POST /new/{journey}/cancel    everything is forgotten
"""

from contextlib import suppress

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.journey import go_back
from poreka.store.database import Stale
from poreka.systems.trusted_profile.creation.codes import begin_code, wait_for_codes
from poreka.systems.trusted_profile.creation.forms import CONTACT, FACTS, Faulty, read_contact, read_facts
from poreka.systems.trusted_profile.creation.pages import show_making
from poreka.systems.trusted_profile.creation.under_way import about, load
from poreka.systems.trusted_profile.rules.creation import STEPS
from poreka.systems.trusted_profile.rules.creation_record import written
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def take_facts(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /new/{journey}/facts."""
    fields = await read_form(request, pz, *FACTS)
    making = await load(request, pz)
    if making.stands != "facts":
        return redirect(request, pz, making.address)
    facts = read_facts(fields)
    if isinstance(facts, Faulty):
        return show_making(request, pz, making, fields, facts.problems)
    state = msgspec.structs.replace(making.record.state, facts_known=True)
    record = msgspec.structs.replace(making.record, state=state, facts=facts)
    with suppress(Stale):  # the page shows what another tab made of it
        await pz.journeys.save(pz.database, making.journey, written(record))
    return redirect(request, pz, making.address)


async def take_contact(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /new/{journey}/contact."""
    fields = await read_form(request, pz, *CONTACT)
    making = await load(request, pz)
    if making.stands != "contact":
        return redirect(request, pz, making.address)
    contact = read_contact(fields, about(pz).terms_version, pz.settings.sms.numbers)
    if isinstance(contact, Faulty):
        return show_making(request, pz, making, fields, contact.problems)
    if wait := await wait_for_codes(pz, contact.phone, contact.email):
        return show_making(request, pz, making, fields, {"phone": (wait,)})
    state = msgspec.structs.replace(making.record.state, contact_given=True)
    record = msgspec.structs.replace(making.record, state=state, phone=contact.phone, email=contact.email)
    await begin_code(request, pz, making, record, "phone")
    return redirect(request, pz, making.address)


async def back_to_contact(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /new/{journey}/back: another number or address; what was confirmed is confirmed anew."""
    await read_form(request, pz, "code")
    making = await load(request, pz)
    if making.stands not in ("phone", "email", "credentials"):
        return redirect(request, pz, making.address)
    record = msgspec.structs.replace(making.record, state=go_back(STEPS, making.record.state, "contact"))
    with suppress(Stale):  # the page shows what another tab made of it
        await pz.journeys.save(pz.database, making.journey, written(record))
    return redirect(request, pz, making.address)


async def cancel(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /new/{journey}/cancel: what a provider released and what was typed is forgotten."""
    await read_form(request, pz)
    making = await load(request, pz)
    await pz.journeys.remove(pz.database, making.journey.id)
    return redirect(request, pz, "/")

"""The one page of a release: whatever step it stands at (GET /release/{journey}).

The address stays the same from the first question to the answer, so going back in the browser, a
second tab or a bookmark all show what is next now. Showing a page changes nothing, but for writing
down that a release was refused, and for the code that goes with a sign-in at the trusted profile. What
is sent from these pages goes to `steps.py`.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.code_times import code_times
from poreka.codes.message_state import message_now
from poreka.provider.authorising.customer_tools import tools_ready
from poreka.provider.authorising.push_page import PushView, push_view
from poreka.provider.consents.shown_text import bank_settings, new_since
from poreka.provider.pages.frame import name_of
from poreka.provider.pages.hotlines import to_call
from poreka.provider.release.noting import note_refusal
from poreka.provider.release.operation import begin_asking, code_goes_unasked
from poreka.provider.release.sim_swap import instead_of_sms
from poreka.provider.release.standing import ReleaseStanding, load, pot_of, question_here
from poreka.provider.release.ways_on import ways_on
from poreka.provider.reply import Given
from poreka.provider.rules.consent_text import ConsentText, WhatIsNew, text_hash
from poreka.provider.rules.release import Ended, LeadsTo, leads_to, stands_at, told_to_service
from poreka.provider.system import Bank
from poreka.rules.authorising.operation import Operation, OperationLimits, OperationState
from poreka.rules.authorising.operation_message import sms_date
from poreka.rules.authorising.tools import Tool
from poreka.rules.people.person import Fact
from poreka.rules.shown_date import people_time
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import AlreadyThere
from poreka.store.used_once import claiming
from poreka.web.browser.language import language_of
from poreka.web.browser.redirect import redirect
from poreka.web.failures import Onward, StalePage
from poreka.web.frame import show


async def show_step(request: Request, bank: Bank) -> Response:
    """GET /release/{journey}."""
    standing = await load(request, bank)
    if stands_at_step(standing, bank, "operation_authorised") and await code_goes_unasked(bank, standing):
        await begin_asking(bank, standing, standing.means.tools.current)
        return to_page(request, bank, standing)
    return await show_standing(request, bank, standing)


async def show_standing(request: Request, bank: Bank, standing: ReleaseStanding, **faults: Any) -> Response:
    """The page of the step a release stands at; `faults` is what was wrong with what was sent."""
    stands = stands_at(standing.release.state, bank.clock())
    if isinstance(stands, Ended):
        return await _show_end(request, bank, standing, stands)
    match stands.name:
        case "sign_in":
            return redirect(request, bank, f"/sign-in?release={standing.journey.id}")
        case "informed_and_consented":
            return await _show_consent(request, bank, standing, **faults)
        case "operation_authorised":
            return await _show_operation(request, bank, standing, **faults)
        case _:
            return await _release(request, bank, standing)


async def _show_consent(request: Request, bank: Bank, standing: ReleaseStanding, **faults: Any) -> Response:
    """What is agreed to, and what of it is new to somebody who agreed before (P2, P6)."""
    offers, language = standing.service.offers, language_of(request, bank)
    text, given = standing.text, standing.consent.consent if standing.consent else None
    agreed = await bank.consent_texts.load(given.text_hash) if given else None
    return _page(
        request,
        bank,
        standing,
        "provider/release/consent.html",
        keeps=bank_settings(bank).keeps,
        offers=offers.get(language) or offers.get("pl", ()),
        text_version=text.version,
        receiver=text.receiver,
        text_shown=shown_as(text, language),
        sentences=text.sentences[language],
        new=_news(new_since(bank, standing.service, given, agreed, text, language), language) if given else None,
        **faults,
    )


def shown_as(text: ConsentText, language: str) -> str:
    """What the form sends back, so that nobody agrees to a text that was replaced while the page was open."""
    return f"{language}.{text_hash(text)}"


def _news(new: WhatIsNew | None, language: str) -> dict[str, Any] | None:
    """What is new, with its moment as people write it."""
    return {**msgspec.structs.asdict(new), "since": people_time(new.since, language)} if new else None


async def _show_operation(request: Request, bank: Bank, standing: ReleaseStanding, **faults: Any) -> Response:
    tool = standing.operation.operation.tool if standing.operation else standing.means.tools.current
    if standing.operation is None and await _may_begin(bank, standing, tool):
        template = "sign" if standing.release.state.signing else "confirm"
        return _page(
            request,
            bank,
            standing,
            f"provider/release/{template}.html",
            **{"lapsed": standing.lapsed, "tool": tool.value, **faults},
        )
    if tool is Tool.PUSH or standing.operation is None:
        return await _show_push(request, bank, standing, **faults)
    operation, message = await message_now(bank.operations, bank.outbox, standing.operation.operation, bank.clock())
    return _page(
        request,
        bank,
        standing,
        "provider/release/code.html",
        operation_number=operation.number,
        operation_date=sms_date(operation.date),
        operation_purpose=operation.purpose,
        message=message,
        phone_end=(standing.signed_in().customer.phone or "")[-3:],
        card=await _card_asked(bank, standing, operation),
        resends_left=OperationLimits().resends - operation.resends,
        **{**code_times(operation, bank.clock()), **faults},
    )


async def _may_begin(bank: Bank, standing: ReleaseStanding, tool: Tool) -> bool:
    """Whether the person is asked for leave before anything is sent: always by SMS or card; in the app before a
    signature, which is shown here in full."""
    if tool is not Tool.PUSH:
        return True
    return standing.release.state.signing and (await push_view_of(bank, standing)).state == "ask"


async def _show_push(request: Request, bank: Bank, standing: ReleaseStanding, **faults: Any) -> Response:
    view, operation = await push_view_of(bank, standing), standing.operation.operation if standing.operation else None
    return _page(
        request,
        bank,
        standing,
        "provider/release/push.html",
        push=view,
        operation_number=operation.number if operation else None,
        operation_date=sms_date(operation.date) if operation else None,
        operation_purpose=operation.purpose if operation else None,
        others=[tool.value for tool in other_tools(bank, standing)] if view.another_tool else [],
        here=question_here(bank, standing) if view.state == "waiting" else "",
        **{"looked": False, **faults},
    )


async def push_view_of(bank: Bank, standing: ReleaseStanding) -> PushView:
    """How the request in the app stands, as the page shows it."""
    operation = standing.operation.operation if standing.operation else None
    delivery = await bank.outbox.status_of(f"operation:{operation.id}:0") if operation else None
    opening, now = standing.means.tools.opening, bank.clock()
    return push_view(bank.keys.codes, operation, standing.push, opening, delivery, now)


def other_tools(bank: Bank, standing: ReleaseStanding) -> tuple[Tool, ...]:
    """What the customer could authorise with instead of the app."""
    ready = tools_ready(bank, standing.signed_in().customer, standing.means.tools)
    return tuple(tool for tool in ready if tool is not Tool.PUSH)


async def _card_asked(bank: Bank, standing: ReleaseStanding, operation: Operation) -> dict[str, object] | None:
    """Which code of which card is asked for; None where the code came by message."""
    if operation.card is None:
        return None
    cards = await bank.tools.cards(standing.signed_in().customer.id)
    serial = next((card.serial for card in cards if card.id == operation.card.card_id), "")
    return {"serial": f"{serial[:4]} {serial[4:]}", "number": operation.card.number}


async def _release(request: Request, bank: Bank, standing: ReleaseStanding) -> Response:
    """Everything is done: answer, once."""
    given = Given(
        session=standing.signed_in().session,
        facts=standing.facts,
        once=claiming("release", standing.journey.id, standing.journey.expires_at),
        signed_by=_signed_by(standing),
    )
    try:
        return await standing.kind.with_data(request, bank, standing.release.reply, given)
    except AlreadyThere as error:
        raise _finished(standing) from error


def _finished(standing: ReleaseStanding) -> StalePage:
    """Released before, in this tab or another: nothing is left to do here but to go to the service."""
    return StalePage("finished", onward=Onward(standing.service.name, standing.service.home))


def _signed_by(standing: ReleaseStanding) -> str | None:
    """The operation of this release that signed what is to be signed: it stands here only when it was authorised."""
    operation = standing.operation
    if standing.release.wish.signature is None:
        return None
    if operation is None or operation.operation.state is not OperationState.AUTHORISED:
        raise StalePage
    return operation.operation.id


async def _show_end(request: Request, bank: Bank, standing: ReleaseStanding, ended: Ended) -> Response:
    if ended is Ended.RELEASED:
        raise _finished(standing)
    if ended is Ended.REFUSED:
        await note_refusal(bank, standing)
    state = standing.release.state
    return _page(
        request,
        bank,
        standing,
        "provider/release/ended.html",
        status=403 if ended is Ended.REFUSED else 200,
        ended=ended.value,
        told=told_to_service(ended),
        reasons=[reason.value for reason in state.refused],
        ways_on={one.value: [*ways_on(one, bank_settings(bank).links)] for one in state.refused},
        instead=[tool.value for tool in instead_of_sms(bank, standing)],
        again=warsaw_moment(standing.means.again_at(pot_of(state)) or bank.clock()),
        hotline=to_call(request, bank),
        to_portal=leads_to(state, ended) is LeadsTo.PORTAL,
    )


def _page(
    request: Request, bank: Bank, standing: ReleaseStanding, template: str, *, status: int | None = None, **data: Any
) -> Response:
    """A page of the release, with what all of them tell: to whom, what, and how to stop."""
    language = language_of(request, bank)
    person, service = standing.person, standing.service
    return show(
        request,
        bank,
        template,
        session=person.session if person else None,
        status=status,
        journey=standing.journey.id,
        service=name_of(service, language),
        purpose=service.purpose.get(language) or service.purpose.get("pl", ""),
        facts=_values(standing),
        signature=_signature(standing),
        **data,
    )


def _signature(standing: ReleaseStanding) -> dict[str, str] | None:
    """What is to be signed, as the person reads it; None where nothing is."""
    wished = standing.release.wish.signature
    if wished is None:
        return None
    return {"summary": wished.summary, "document": wished.document.name, "hash": wished.document.hash}


def _values(standing: ReleaseStanding) -> list[tuple[str, str]]:
    """The facts with their values, for the person whose they are (P2)."""
    if standing.person is None:
        return []
    customer = standing.person.customer
    pesel = customer.valid_pesel
    values = {
        Fact.FIRST_NAME: customer.first_name,
        Fact.SURNAME: customer.surname,
        Fact.PESEL: pesel.digits if pesel else "",
    }
    return [(fact.value, values[fact]) for fact in standing.facts]


def stands_at_step(standing: ReleaseStanding, bank: Bank, name: str) -> bool:
    """Whether a release stands at the step of this name now."""
    return getattr(stands_at(standing.release.state, bank.clock()), "name", None) == name


def to_page(request: Request, bank: Bank, standing: ReleaseStanding) -> Response:
    """Back to the one page of the release: it shows what is next."""
    return redirect(request, bank, f"/release/{standing.journey.id}")

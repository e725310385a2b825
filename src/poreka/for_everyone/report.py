"""Reporting a barrier, without signing in: an e-mail to whoever runs the system.

It leaves through the outbox like every message, sealed until then and kept nowhere else. How many leave one network and
one browser is limited (`rules/limits/limits.py`). A system that sends no e-mail shows its contact instead of the form.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import BarrierReported
from poreka.rules.limits.limits import Purpose
from poreka.rules.people.contact import EmailFault, read_email
from poreka.rules.people.phone_number import LONGEST_WRITING, PhoneFault, TakenNumbers, read_phone
from poreka.store.outbox import Message
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.door.limiter import asker, spend
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.system import System

FIELDS = ("what", "where", "email", "phone")
LONGEST = {"what": 2000, "where": 200, "email": 254, "phone": LONGEST_WRITING}
LIFE = 3 * 24 * 3600  # how long a mail server may be away


def can_be_sent(system: System) -> bool:
    """True where the settings have an address for reports of barriers and a mail server that sends them."""
    settings = system.settings
    return bool(settings.contact.email) and (settings.system.demo or settings.email.sender == "smtp")


async def show_form(request: Request, system: System) -> Response:
    """GET /accessibility/report."""
    return await _form(request, system, dict.fromkeys(FIELDS, ""), {})


async def send_report(request: Request, system: System) -> Response:
    """POST /accessibility/report."""
    fields = await read_form(request, system, *FIELDS)
    typed = {name: fields[name].replace("\r\n", "\n").strip() for name in FIELDS}
    problems = faults(typed)
    if problems or not can_be_sent(system):
        return await _form(request, system, typed, problems)
    report_id = system.fresh.id()
    async with system.audit.transaction() as (transaction, record):
        await spend(system, transaction, Purpose.REPORT, report_id, *asker(request, system))
        await transaction.insert(system.outbox.adding(_message(request, system, report_id, typed)))
        await record(BarrierReported(person_id=None, report_id=report_id))
    system.wake_delivery()
    return redirect(request, system, "/accessibility?sent=yes")


def faults(typed: Mapping[str, str]) -> dict[str, str]:
    """Text keys of what is wrong, by field; there must be what is wrong, and one way to answer."""
    found = {name: "accessibility.fault.too_long" for name, most in LONGEST.items() if len(typed[name]) > most}
    if not typed["what"]:
        found["what"] = "accessibility.fault.empty"
    if not typed["email"] and not typed["phone"]:
        found["email"] = "accessibility.fault.no_answer"
    elif typed["email"] and isinstance(read_email(typed["email"]), EmailFault):
        found["email"] = "accessibility.fault.email"
    if isinstance(read_phone(typed["phone"], TakenNumbers(foreign=True), mobile=False), PhoneFault):
        found.setdefault("phone", "phone.fault.no_number")
    return found


def _message(request: Request, system: System, report_id: str, typed: Mapping[str, str]) -> Message:
    now = system.clock()
    body = texts_of(request, system)("accessibility.mail", system=system.settings.system.name, **typed)
    return Message(
        id=report_id,
        channel="email",
        recipient=system.settings.contact.email,
        body=body,
        about=f"barrier:{report_id}",
        created_at=now,
        due_at=now,
        expires_at=now + LIFE,
    )


async def _form(request: Request, system: System, typed: Mapping[str, str], problems: Mapping[str, str]) -> Response:
    if not can_be_sent(system):
        raise PageNotFound
    texts = texts_of(request, system)
    told = {field: texts(key, most=LONGEST[field]) for field, key in problems.items()}
    return show(
        request,
        system,
        "for_everyone/report.html",
        session=await session_of(request, system),
        typed=typed,
        longest=LONGEST,
        errors=FormErrors(told),
    )

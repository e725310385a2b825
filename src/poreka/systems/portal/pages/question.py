"""The form "ask a question": a subject, a text, and the questions that were asked before.

`question_id` is drawn with the page and becomes the question's id, so a form that is sent twice files one
question. What was kept from an ended session (Z8) is shown until it is sent.
"""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import QuestionAsked
from poreka.rules.shown_date import shown_moment
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import AlreadyThere
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.portal.store.questions import Question
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

FORM = "question"
FIELDS = ("subject", "body", "question_id")
SUBJECTS = ("insurance", "contributions", "benefits", "portal", "other")
LONGEST = 2000
_ID = re.compile(r"[0-9a-v]{26}")


async def show_form(request: Request, system: Portal, session: Session) -> Response:
    """GET /question."""
    kept = await _kept(request, system, session)
    sent = request.query_params.get("sent") == "yes"
    return await _page(request, system, session, kept or {}, kept=kept is not None, sent=sent and kept is None)


async def ask(request: Request, system: Portal, session: Session) -> Response:
    """POST /question."""
    fields = await read_form(request, system, *FIELDS)
    problems = faults(fields)
    if problems:
        return await _page(request, system, session, fields, problems)
    question = Question(
        id=fields["question_id"] if _ID.fullmatch(fields["question_id"]) else system.fresh.id(),
        profile_id=session.person_id,
        subject=fields["subject"],
        body=text_of(fields),
        asked_at=system.clock(),
    )
    try:
        async with system.audit.transaction() as (transaction, record):
            await transaction.insert(system.questions.adding(question))
            browser_hash = secret_hash(browser_of(request, system))
            await system.kept_forms.forget(transaction, browser_hash, session.person_id, FORM)
            await record(QuestionAsked(person_id=session.person_id, question_id=question.id))
    except AlreadyThere:
        pass  # a double click: it is filed
    return redirect(request, system, "/question?sent=yes")


def text_of(fields: Mapping[str, str]) -> str:
    """The text as it was seen while typing: a line break is one character."""
    return fields["body"].replace("\r\n", "\n").strip()


def faults(fields: Mapping[str, str]) -> dict[str, str]:
    """Text keys of what is wrong, by field."""
    found = {}
    if fields["subject"] not in SUBJECTS:
        found["subject"] = "portal.question.fault.subject"
    if not text_of(fields):
        found["body"] = "portal.question.fault.empty"
    elif len(text_of(fields)) > LONGEST:
        found["body"] = "portal.question.fault.too_long"
    return found


async def _kept(request: Request, system: Portal, session: Session) -> dict[str, str] | None:
    browser_hash = secret_hash(browser_of(request, system))
    waiting = await system.kept_forms.waiting(browser_hash, session.person_id, system.clock())
    mine = [dict(kept.fields) for kept in waiting if kept.form == FORM]
    return mine[-1] if mine else None


async def _page(
    request: Request,
    system: Portal,
    session: Session,
    typed: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    *,
    kept: bool = False,
    sent: bool = False,
) -> Response:
    texts = texts_of(request, system)
    asked = await system.questions.of_profile(session.person_id)
    return show(
        request,
        system,
        "systems/portal/pages/question.html",
        session=session,
        subjects=SUBJECTS,
        typed=typed,
        errors=form_errors(texts, problems or {}),
        question_id=typed.get("question_id") or system.fresh.id(),
        longest=LONGEST,
        kept=kept,
        sent=sent,
        asked=[
            {
                "sender": texts(f"portal.question.subject.{one.subject}"),
                "text": one.body,
                "sent_at": shown_moment(warsaw_moment(one.asked_at), texts.language, short=True),
                "sent_at_iso": warsaw_moment(one.asked_at).isoformat(),
            }
            for one in asked
        ],
    )

"""GET and POST /enrol: the code from the provider's page, scanned or typed, is used up by this phone's browser.

A scanned code stands behind the # of the address, which no server sees; the page's script puts it into the form.
Whoever comes second is told that the code was used, and what that may mean (docs/adr/0024).
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.enrolment_code import Enrolment, EnrolmentState, NotNow, claim, read_code
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import form_errors
from poreka.web.frame import show


async def show_form(request: Request, app: Mobywatel) -> Response:
    """GET /enrol."""
    return show(request, app, "systems/mobywatel/enrolment/code.html", typed="")


async def take_code(request: Request, app: Mobywatel) -> Response:
    """POST /enrol."""
    fields = await read_form(request, app, "code")
    code = read_code(fields["code"][:64])
    kept = await app.enrolments.of_code(code) if code else None
    if kept is None:
        return _refused(request, app, "unknown", fields["code"][:64])
    browser = secret_hash(browser_of(request, app))
    if kept.rule.browser == browser:  # the same phone once more: a reload, a double click
        return redirect(request, app, f"/enrol/{kept.rule.id}")

    decided = claim(kept.rule, browser, app.clock())

    if isinstance(decided, Enrolment):
        try:
            async with app.database.transaction() as transaction:
                await app.enrolments.save(transaction, kept.rule, decided)
        except Stale:
            decided = NotNow(EnrolmentState.CLAIMED)
    if isinstance(decided, NotNow):
        return _refused(request, app, "late" if decided.state is EnrolmentState.EXPIRED else "used", "")
    return redirect(request, app, f"/enrol/{kept.rule.id}")


def _refused(request: Request, app: Mobywatel, why: str, typed: str) -> Response:
    errors = form_errors(texts_of(request, app), {"code": f"app.enrol.code_{why}"})
    return show(request, app, "systems/mobywatel/enrolment/code.html", errors=errors, typed=typed)

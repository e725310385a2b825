"""Another password: the present one once more, the new one twice; then authorised like every change (T6).

GET, POST /profile/password. Wrong present passwords are counted like those of a sign-in (`rules/limits/attempts.py`).
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.new_password import problems_of
from poreka.for_everyone.present_password import is_present
from poreka.rules.passwords.new_password import normal_password
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation.wanted import begin
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

FIELDS = ("present", "password", "password_again")


async def show_form(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/password."""
    owned = await owner_of(request, pz, session)
    return owned if isinstance(owned, Response) else _page(request, pz, session, {})


async def change(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/password."""
    fields = await read_form(request, pz, *FIELDS)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    faults = problems_of(pz, fields, owned.profile.facts, owned.user_name)
    if not faults and not await is_present(pz, owned.id, owned.password_hash, fields["present"]):
        faults = {"present": ("trusted.fault.present_password",)}
    if faults:
        return _page(request, pz, session, faults)
    password_hash = await pz.passwords.hash(normal_password(fields["password"]))
    values = {"password_hash": password_hash}
    return await begin(request, pz, "password", owned.id, values=values, then="/profile?done=password")


def _page(request: Request, pz: TrustedProfileSystem, session: Session, faults: dict[str, tuple[str, ...]]) -> Response:
    return show(
        request,
        pz,
        "systems/trusted_profile/changes/password.html",
        session=session,
        errors=form_errors(texts_of(request, pz), faults),
    )

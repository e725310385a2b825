"""How the profile stands (GET /profile) and everything in it (GET /profile/details).

What is changed from there has flows of its own.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.shown_date import shown_day
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.rules.profile import REMINDERS, last_day
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.frame import show
from poreka.web.texts import Texts

TILES = (
    ("details", "/profile/details"),
    ("devices", "/profile/devices"),
    ("history", "/profile/history"),
    ("consents", "/settings/security/consents"),
)
ACTS = (
    ("extend", "/profile/extend"),
    ("method", "/settings/security/tools"),
    ("phone", "/profile/contact/phone"),
    ("email", "/profile/contact/email"),
    ("password", "/profile/password"),
    ("sessions", "/settings/security/sessions"),
    ("not_me", "/profile/not-me"),
    ("invalidate", "/profile/invalidate"),
)


async def show_home(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    left = (last_day(owned.profile) - warsaw_day(pz.clock())).days
    return show(
        request,
        pz,
        "systems/trusted_profile/pages/home.html",
        session=session,
        first_name=owned.profile.facts.first_name,
        until=last_day(owned.profile),
        days_left=left,
        ends_soon=left <= max(REMINDERS),
        done=request.query_params.get("done", ""),
        ended=request.query_params.get("ended", ""),
        tiles=_tiles(pz, texts_of(request, pz)),
    )


def _tiles(pz: TrustedProfileSystem, texts: Texts) -> list[dict[str, str]]:
    return [
        {"href": href, "label": texts(f"trusted.nav.{key}"), "text": texts(f"trusted.tile.{key}")}
        for key, href in TILES
        if key != "devices" or pz.phones is not None
    ]


async def show_details(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/details."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    texts, rows = texts_of(request, pz), await _rows(request, pz, owned)
    acts = [(texts(f"trusted.act.{key}"), href) for key, href in ACTS]
    return show(request, pz, "systems/trusted_profile/pages/details.html", session=session, rows=rows, acts=acts)


async def _rows(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile) -> list[dict[str, str]]:
    """What the owner sees of their profile; the PESEL by its last digits only, as a passer-by may look on."""
    texts, rule = texts_of(request, pz), owned.profile
    tool = await pz.tools.current(owned.id)
    made_by = next(
        (one.name for one in pz.relying.relied_on.values() if one.registration.issuer == rule.made_by),
        texts("trusted.made_by.desk"),
    )
    values = {
        "names": f"{rule.facts.first_name} {rule.facts.surname}",
        "pesel": f"*******{rule.facts.pesel.digits[-4:]}",
        "user_name": owned.user_name,
        "email": owned.email,
        "phone": texts("bank.account.phone_ends", end=owned.phone[-3:]),
        "method": texts(f"trusted.method.{tool.value}"),
        "valid_from": _date(rule.valid_from, texts.language),
        "valid_until": shown_day(last_day(rule), texts.language, short=True),
        "made_by": made_by,
    }
    if rule.extended_at is not None:
        values["extended"] = _date(rule.extended_at, texts.language)
    return [{"key": texts(f"trusted.details.{name}"), "value": value} for name, value in values.items()]


def _date(moment: int | None, language: str) -> str:
    return shown_day(warsaw_day(moment), language, short=True) if moment is not None else ""

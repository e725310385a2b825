"""Where a newcomer to the demonstration lands.

GET /             what this is, the systems, the people, what to try, the sandbox clients, the clock
GET /people.json  the people for programs: a stable contract

Nothing is decided here; what there is to try is the list `JOURNEYS`, whose words are texts.
"""

from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.demo.systems import DemoPerson, Start
from poreka.rules.warsaw_time import warsaw_moment
from poreka.web.browser.language import language_of
from poreka.web.frame import show


@dataclass(frozen=True, slots=True)
class Journey:
    """Something to try: where it begins (a system's key), as whom, and how many steps its text has."""

    name: str
    system: str
    person: str
    steps: int


JOURNEYS = (
    Journey("portal_first", "pue", "jan", 6),
    Journey("later", "pue", "jan", 3),
    Journey("withdraw", "millenet", "jan", 4),
    Journey("bank_first", "millenet", "stanislaw", 4),
    Journey("refused", "pue", "piotr", 3),
    Journey("wrong_code", "pue", "helena", 3),
    Journey("terms", "pue", "anna", 3),
    Journey("upgrade", "pue", "lukasz", 3),
    Journey("differs", "pue", "maria", 3),
    Journey("session", "pue", "jan", 3),
    Journey("trusted_profile", "pz", "jan", 4),
    Journey("not_me", "pz", "stanislaw", 3),
    Journey("order", "pue", "stanislaw", 4),
    Journey("patient_account", "ikp", "agnieszka", 3),
    Journey("mojeikp", "mojeikp", "stanislaw", 3),
    Journey("clerk", "clerk", "ewa", 4),
)


async def show_outside(request: Request, start: Start) -> Response:
    """GET /outside: in place of an institution's own pages, to which its settings lead (`bank.links`)."""
    return show(request, start, "demo/start/outside.html")


async def show_start(request: Request, start: Start) -> Response:
    """GET /."""
    language = language_of(request, start)
    return show(
        request,
        start,
        "demo/start/page.html",
        systems=start.systems,
        origins={system["key"]: system["origin"] for system in start.systems},
        names={system["key"]: system["name"] for system in start.systems},
        banks={system["key"] for system in start.systems if system["kind"] == "bank"},
        people=start.people,
        language=language,
        journeys=JOURNEYS,
        sandbox=[(client["client_id"], _pretty(client)) for client in start.sandbox],
        certificates=_certificates(start),
        certificate_password=start.certificate_password,
        now=warsaw_moment(start.clock()),
        ahead=await start.demo_clock.advanced(),
        typed="",
    )


async def people_json(request: Request, start: Start) -> Response:
    """GET /people.json; only the situation's words depend on the language."""
    language = language_of(request, start)
    return JSONResponse({"people": [_person(person, language) for person in start.people]})


def _certificates(start: Start) -> list[tuple[DemoPerson, str]]:
    """Whose certificates can be downloaded, and how each stands."""
    states = {one.person: one.state for one in start.certificates}
    return [(person, states[person.key]) for person in start.people if person.key in states]


def _person(person: DemoPerson, language: str) -> dict[str, object]:
    return {
        "key": person.key,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "pesel": person.pesel,
        "phone": person.phone,
        "email": person.email,
        "situation": person.situation[language],
        "accounts": [dict(account) for account in person.accounts],
    }


def _pretty(client: object) -> str:
    return msgspec.json.format(msgspec.json.encode(client), indent=2).decode()

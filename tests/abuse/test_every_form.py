"""No other site can make a browser send a form of ours (CSRF), not even to sign somebody in (login CSRF).

Every route that takes a form is tried, from the applications' own lists, so that a new one is tried from its first
day: by a signed-in person whose cookies come along, with everything right but the token, and with a token that is
right for the attacker's own browser.
"""

import pytest

from poreka.systems.bank import routes as bank_app
from poreka.systems.portal import routes as portal_app
from poreka.web.csrf import form_token
from poreka.web.routes import Access, Route
from tests.abuse.test_every_route import APPS, federation, filled, insiders
from tests.support.asgi import FORM, Site

__all__ = ["federation", "insiders"]

# What other sites send here by design: it only becomes a GET, without cookies, and changes nothing by itself.
FROM_ELSEWHERE = {"/authorize", "/end-session", "/initiate"}
# What programs send without cookies, with a proof of their own in the address.
PROVEN_BY_ADDRESS = ("/message-report/",)
# Forms that may carry files.
WITH_FILES = {"/verify"}
FORMS = [
    (system, route)
    for system, routes in (
        ("millenet", bank_app.ROUTES),
        ("pue", portal_app.ROUTES),
        ("pz", APPS["pz"]),
        ("ikp", APPS["ikp"]),
        ("mojeikp", APPS["mojeikp"]),
    )
    for route in routes
    if route.method == "POST" and route.access in (Access.ANYONE, Access.PERSON, Access.STRONG_PERSON)
    if not route.path.startswith(PROVEN_BY_ADDRESS)
]
NAMES = [f"{system} {route.path}" for system, route in FORMS]
FOREIGN = {"foreign origin": ("origin", "https://evil.example"), "foreign site": ("sec-fetch-site", "cross-site")}


def sent(path: str, token: str | None) -> tuple[str, bytes]:
    """The kind of form that the page has, with its token alone."""
    if path not in WITH_FILES:
        return FORM, b"" if token is None else f"csrf_token={token}".encode()
    name = "csrf_token" if token is not None else "statement"
    part = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{token or "x"}\r\n--b--\r\n'
    return "multipart/form-data; boundary=b", part.encode()


async def rows(site_system: object) -> dict[str, int]:
    """How many rows each table has; activity alone is no change."""
    database = site_system.database  # type: ignore[attr-defined]
    tables = await database.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return {row["name"]: (await database.one(f"SELECT count(*) AS n FROM {row['name']}"))["n"] for row in tables}


@pytest.mark.parametrize(("system", "route"), FORMS, ids=NAMES)
@pytest.mark.parametrize("attack", ["no token", "own token", "foreign origin", "foreign site"])
async def test_a_form_that_is_not_ours_changes_nothing(
    federation: object, insiders: dict[str, tuple[str, str]], system: str, route: Route, attack: str
) -> None:
    running = next(one.system for one in federation.systems if one.system.settings.system.key == system)  # type: ignore[attr-defined]
    cookies, right = insiders[system]
    own = form_token(running.keys.forms, "a" * 43)
    token = {"no token": None, "own token": own}.get(attack, right)
    kind, body = sent(route.path, token)
    headers = [("cookie", cookies), ("content-type", kind)]
    if attack in FOREIGN:
        headers.append(FOREIGN[attack])
    site = Site(federation.application, f"http://{system}.localhost:8000")  # type: ignore[attr-defined]
    before = await rows(running)
    answer = await site.raw("POST", filled(route.path, "x" * 26), b"", headers, [body])
    if route.path in FROM_ELSEWHERE:
        assert answer.status_code in (303, 400)
        assert "session=" not in answer.headers.get("set-cookie", "")
    else:
        assert answer.status_code == 403, route.path
        assert answer.headers.get("location") is None
    assert await rows(running) == before

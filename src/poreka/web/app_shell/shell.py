"""GET /app.webmanifest, /sw.js and /offline: the shell of an app.

The service worker keeps the page that says that there is no network, with the style, script and font it needs, and
nothing else: every page of a person comes from the server each time. Its text changes with the files it keeps, so that
a browser replaces it after an update.
"""

from importlib import resources

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.web.browser.language import language_of, texts_of
from poreka.web.frame import show
from poreka.web.pages import static_path
from poreka.web.system import System
from poreka.web.texts import Texts

KEPT = ("poreka.css", "poreka.js", "app/app.js", "fonts/atkinson-latin.woff2", "fonts/atkinson-latin-ext.woff2")
ABOUT = {"mobywatel": "app.first.lead", "mojeikp": "mojeikp.first.lead"}
"""What each app says it is for, by the kind of its system."""
OFFLINE = {
    "mobywatel": ("app.offline.lead", "app.offline.next"),
    "mojeikp": ("mojeikp.offline.lead", "mojeikp.offline.next"),
}
COLOUR, GROUND = "#17493b", "#ffffff"


async def show_manifest(request: Request, app: System) -> Response:
    """GET /app.webmanifest."""
    texts, name, kind = texts_of(request, app), app.settings.system.name, app.settings.system.kind
    icons = [
        {
            "src": static_path(f"app/{kind}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    manifest = {
        "id": "/",
        "name": name,
        "short_name": name,
        "description": texts(ABOUT[kind]),
        "lang": language_of(request, app),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": GROUND,
        "icons": icons,
    }
    return Response(msgspec.json.encode(manifest), media_type="application/manifest+json")


async def show_worker(request: Request, app: System) -> Response:
    """GET /sw.js."""
    text = resources.files("poreka.web.app_shell").joinpath("sw.js").read_text("utf-8")
    kept = msgspec.json.encode(["/offline", *(static_path(name) for name in KEPT)]).decode()
    kind = app.settings.system.kind
    words = msgspec.json.encode({language: _words(texts, kind) for language, texts in app.texts.items()}).decode()
    filled = text.replace("[/* kept */]", kept).replace("{/* words */}", words)
    return Response(filled, media_type="text/javascript")


def _words(texts: Texts, kind: str) -> dict[str, str]:
    """What a notification says: nothing of what waits, because a locked screen shows it to everyone."""
    icon = static_path(f"app/{kind}-192.png")
    return {"title": texts("app.push.notice_title"), "body": texts("app.push.notice_body"), "icon": icon}


async def show_offline(request: Request, app: System) -> Response:
    """GET /offline."""
    lead, then = OFFLINE[app.settings.system.kind]
    return show(request, app, "web/app_shell/offline.html", lead=lead, then=then)

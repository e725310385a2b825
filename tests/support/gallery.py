"""The gallery: every component of web/layout in all its states, on pages like the ones people will see.

`render_page` gives one page as HTML; `write_gallery` puts all of them, with the static files at the
addresses that the pages use, into a folder that any file server can show. Used by
tests/web/test_layout.py and theme/look.py.
"""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from poreka.web.pages import page_environment, static_path
from poreka.web.texts import LANGUAGES, load_texts

HERE = Path(__file__).parent / "gallery"
# page: (accent, the system's name, what the page needs besides the frame)
PAGES: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "banks": ("amber", "Profil Zaufany", {}),
    "code": ("olive", "Inteligo", {"errors": [{"text": "Wpisz sześć cyfr z SMS-a", "href": "#code"}]}),
    "consent": ("blue", "Millenet", {"person_name": "Jan Kowalski", "sign_out_action": "/logout"}),
    "dashboard": (
        "violet",
        "Portal ubezpieczonych",
        {"person_name": "Jan Kowalski", "sign_out_action": "/logout"},
    ),
    "failure": ("rust", "iPKO", {"kind": "broken", "reference": "7F3K2M9Q4D"}),
    "fields": (
        "plum",
        "Poręka",
        {"errors": [{"text": "Wpisz adres e-mail", "href": "#email"}, {"text": "Coś jeszcze"}]},
    ),
    "messages": ("grey", "Telefon", {}),
    "notes": ("teal", "Konto pacjenta", {}),
    "plain": ("berry", "Envelo", {}),
    "sign_in": ("indigo", "BOŚ24", {}),
}
SESSION = {"ends_at": 1800, "now": 1000, "ends_at_text": "12:34", "extend_action": "/session", "again_href": "/"}


def gallery_environment() -> Environment:
    """The product's own page environment, which also finds the gallery's pages."""
    environment = page_environment()
    assert environment.loader is not None
    environment.loader = ChoiceLoader([environment.loader, FileSystemLoader(HERE)])
    return environment


def render_page(environment: Environment, name: str, language: str = "pl") -> str:
    """One page of the gallery as HTML, framed as the product frames its pages."""
    accent, system_name, data = PAGES[name]
    links = {
        "banks": "Banki",
        "dashboard": "Panel",
        "messages": "Dokumenty i wiadomości",
        "fields": "Ustawienia",
    }
    frame = {
        "t": load_texts()[language],
        "lang": language,
        "languages": [(code, f"{name}.{code}.html") for code in LANGUAGES],
        "system": {"accent": accent, "name": system_name, "operator": "Operator przykładowy"},
        "demo": name != "banks",
        "navigation": [(label, f"{page}.{language}.html", page == name) for page, label in links.items()],
        "footer_links": [("Dostępność", "#a"), ("Regulamin", "#r"), ("Mapa strony", "#m")],
        "person_name": None,
        "csrf_token": "token",
        "static": lambda path: static_path(path)[1:],
        "version": "0.1.0",
        "reference": None,
        "session": SESSION if "person_name" in data else None,
    }
    return environment.get_template(f"{name}.html").render({**frame, **data})


def write_gallery(folder: Path) -> list[Path]:
    """Write every page in every language below `folder`, with its static files; returns the pages."""
    static = resources.files("poreka.web.layout.static")
    for name in (
        "poreka.css",
        "poreka.js",
        "favicon.svg",
        "fonts/atkinson-latin.woff2",
        "fonts/atkinson-latin-ext.woff2",
    ):
        target = folder / static_path(name)[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(static.joinpath(name).read_bytes())
    environment = gallery_environment()
    pages = []
    for name in PAGES:
        for language in LANGUAGES:
            pages.append(folder / f"{name}.{language}.html")
            pages[-1].write_text(render_page(environment, name, language), encoding="utf-8")
    return pages

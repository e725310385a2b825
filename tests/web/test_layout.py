"""The look: what every page and component promises, seen in the gallery's HTML and in the built style sheet.

What needs a browser (axe, reflow, the script) is seen by theme/look.py and tests/browser.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from selectolax.lexbor import LexborHTMLParser, LexborNode

from poreka.web.pages import static_path
from tests.support.gallery import PAGES, gallery_environment, render_page
from tests.support.page_checks import _about_document, _about_fields, _about_inline_code

ROOT = Path(__file__).parents[2]
LAYOUT = ROOT / "src/poreka/web/layout"
CSS = (LAYOUT / "static/poreka.css").read_text(encoding="utf-8")
ENVIRONMENT = gallery_environment()
EVERY_PAGE = [(name, language) for name in PAGES for language in ("pl", "en")]


def the(html: LexborHTMLParser, selector: str) -> LexborNode:
    """The first element that `selector` finds; there must be one."""
    found = html.css_first(selector)
    assert found is not None, selector
    return found


def page(name: str, language: str = "pl") -> LexborHTMLParser:
    return LexborHTMLParser(render_page(ENVIRONMENT, name, language))


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_pages_are_whole(name: str, language: str) -> None:
    html = page(name, language)
    assert _about_document(html) + _about_fields(html) + _about_inline_code(html) == []
    assert the(html, "html").attributes["lang"] == language
    assert the(html, "html").attributes["data-accent"] == PAGES[name][0]
    assert the(html, "body > a").attributes["href"] == "#main"


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_headings_skip_no_level(name: str, language: str) -> None:
    levels = [
        int((node.tag or "h0")[1])
        for node in page(name, language).css("h1, h2, h3, h4")
        if "error-summary" not in (node.attributes.get("class") or "")
    ]
    body = levels[levels.index(1) :]
    assert all(after <= before + 1 for before, after in pairwise(body))


@pytest.mark.parametrize(("language", "start"), [("pl", "Błąd: "), ("en", "Error: ")])
def test_title_says_first_that_there_are_errors(language: str, start: str) -> None:
    assert the(page("code", language), "title").text() == f"{start}Podaj kod – Inteligo"
    assert not the(page("consent", language), "title").text().startswith(start)


def test_errors_lead_to_fields_that_are_there() -> None:
    html = page("fields")
    links = html.css(".govuk-error-summary a")
    assert [link.attributes["href"] for link in links] == ["#email"]
    field = the(html, "#email")
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["aria-describedby"] == "email-hint email-error"


def test_passwords_and_codes_are_never_written_back() -> None:
    for name in ("sign_in", "fields", "code"):
        for field in page(name).css("input[type=password], .p-code"):
            assert not field.attributes.get("value")


def test_a_consent_box_is_never_ticked_beforehand() -> None:
    assert page("consent").css("input[checked]") == []


def test_masked_identifier_asks_for_two_characters_only() -> None:
    html = page("sign_in")
    fields = html.css(".p-masked input")
    assert [field.attributes["name"] for field in fields] == ["mark_3", "mark_7"]
    assert [field.attributes["aria-label"] for field in fields] == ["Znak nr 3 z 11", "Znak nr 7 z 11"]
    assert len(html.css(".p-masked__place[aria-hidden=true]")) == 9
    assert {field.attributes["type"] for field in fields} == {"text"}, "no password for a browser to remember"
    assert "-webkit-text-security:disc" in CSS
    script = (LAYOUT / "static/poreka.js").read_text(encoding="utf-8")
    assert "p-masked" not in script, "the focus stays where the person put it"


def test_one_time_code_is_offered_by_phones() -> None:
    field = the(page("code"), "#code")
    assert field.attributes["autocomplete"] == "one-time-code"
    assert field.attributes["inputmode"] == "numeric"
    assert field.attributes["enterkeyhint"] == "done"


def test_session_says_its_end_without_the_script() -> None:
    html = page("dashboard")
    assert the(html, "[data-session-text]").text() == "Sesja wygaśnie o 12:34."
    assert the(html, "[data-session] form").attributes["method"] == "post"
    assert page("plain").css("[data-session]") == []


def test_every_posted_form_carries_the_token() -> None:
    for name in PAGES:
        for form in page(name).css("form[method=post]"):
            assert len(form.css("input[name=csrf_token]")) == 1, name


def test_the_demo_says_that_it_is_one_and_nothing_else_does() -> None:
    assert "Środowisko demonstracyjne" in the(page("consent"), ".p-demo").text()
    assert page("banks").css(".p-demo") == []


def test_what_is_shown_is_escaped() -> None:
    template = ENVIRONMENT.from_string(
        '{% import "web/layout/components.html" as c with context %}'
        '{{ c.input("a", x, x, hint=x, error=x) }}{{ c.tag(x) }}{{ c.facts([{"label": x, "value": x}]) }}'
    )
    assert "<script" not in template.render(x="<script>", t=lambda key, **_: key)


def test_components_names_every_public_macro() -> None:
    listed = set(re.findall(r"set (\w+) =", (LAYOUT / "components.html").read_text(encoding="utf-8")))
    inner = {"label_for", "hint_and_error", "described", "group"}
    found = {
        name
        for file in LAYOUT.glob("*.html")
        for name in re.findall(r"macro ([a-z]\w*)\(", file.read_text(encoding="utf-8"))
    }
    assert listed == found - inner


def _texts(language: str) -> dict[str, str]:
    with (ROOT / f"src/poreka/texts/{language}/web.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}


def test_layout_texts_are_all_there_and_all_used() -> None:
    used = {
        key
        for file in LAYOUT.glob("*.html")
        for key in re.findall(r"""\bt\(["']([a-z_.]+)["'][,)]""", file.read_text(encoding="utf-8"))
    }
    used |= {f"component.banner_{kind}" for kind in ("info", "success", "warning")}
    for language in ("pl", "en"):
        own = {key for key in _texts(language) if key.startswith(("layout.", "component."))}
        assert own == used


def test_failure_texts_are_whole_in_both_languages() -> None:
    polish, english = _texts("pl"), _texts("en")
    assert polish.keys() == english.keys()
    assert all(polish.values())
    assert all(english.values())
    kinds = {key.split(".")[1] for key in polish if key.startswith("failure.")}
    assert {"broken", "form", "request", "not_found", "unavailable", "stale", "form_stale"} <= kinds
    for kind in kinds:
        assert {f"failure.{kind}.{part}" for part in ("heading", "happened", "next")} <= polish.keys()


# The style sheet


def test_sheet_is_small_and_asks_nobody_else() -> None:
    assert len(CSS.encode()) < 60 * 1024
    assert all(address.startswith("../") for address in re.findall(r"url\(\"?([^)\"]+)", CSS))
    assert not re.search("@import|GDS|crown", CSS)


def test_on_paper_no_link_shows_its_path() -> None:
    assert "attr(href)" not in CSS


def test_fonts_are_at_the_addresses_that_the_sheet_knows() -> None:
    addresses = re.findall(r'url\("\.\.(/[^"]+)"\)', CSS)
    assert sorted(addresses) == sorted(
        static_path(f"fonts/{name}.woff2").removeprefix("/static") for name in ("atkinson-latin", "atkinson-latin-ext")
    )


def test_font_has_every_polish_letter() -> None:
    ranges = [
        (int(start, 16), int(end or start, 16))
        for face in re.findall(r"unicode-range:([^}]+)", CSS)
        for start, end in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face)
    ]
    for letter in "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–":
        assert any(low <= ord(letter) <= high for low, high in ranges), letter


def test_font_comes_with_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (LAYOUT / "static/fonts/OFL.txt").read_text(encoding="utf-8").upper()


def test_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "theme/package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in package for package in lock["packages"].values())


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _schemes() -> Iterator[tuple[str, dict[str, str], list[str]]]:
    tokens = re.findall(r"--p-([a-z-]+):(#[0-9a-f]{6})", CSS)
    papers = [at for at, (name, _) in enumerate(tokens) if name == "paper"][:2]
    accents: dict[str, list[str]] = {}
    for scheme, block in zip(
        ("light", "dark"),
        re.findall(r"((?:\[data-accent=[^\]]+\]\{--p-accent:#[0-9a-f]{6}\}){5,})", CSS),
        strict=True,
    ):
        accents[scheme] = re.findall(r"#[0-9a-f]{6}", block)
    for scheme, start in zip(("light", "dark"), papers, strict=True):
        colours: dict[str, str] = {}
        for name, value in tokens[start:]:
            if name in colours or name == "accent":
                break
            colours[name] = value
        yield scheme, colours, accents[scheme]


@pytest.mark.parametrize(("scheme", "colours", "accents"), list(_schemes()))
def test_contrast(scheme: str, colours: dict[str, str], accents: list[str]) -> None:
    assert len(accents) == 12
    grounds = [colours["paper"], colours["surface"], colours["sunken"]]
    for name in ("ink", "muted", "error", "success", "warning", *accents):
        text = colours.get(name, name)
        assert all(contrast(text, ground) >= 4.5 for ground in grounds), (scheme, name)
    for text, ground in [
        ("error", "error-soft"),
        ("success", "success-soft"),
        ("warning", "warning-soft"),
        ("on-bar", "bar"),
        ("on-ring", "ring"),
        ("ink", "error-soft"),
    ]:
        assert contrast(colours[text], colours[ground]) >= 4.5, (scheme, text, ground)
    assert all(contrast(colours["on-strong"], accent) >= 4.5 for accent in accents)
    # edges of fields and the focus ring: WCAG 1.4.11
    assert all(contrast(colours[name], ground) >= 3 for name in ("edge", "ring") for ground in grounds)


def test_every_file_is_served_under_its_own_fingerprint() -> None:
    for name in ("poreka.css", "poreka.js", "favicon.svg"):
        content = resources.files("poreka.web.layout.static").joinpath(name).read_bytes()
        assert static_path(name) == f"/static/{sha256(content).hexdigest()[:12]}/{name}"

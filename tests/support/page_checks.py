"""What must hold for every page and every redirect, in every test that happens to see it.

Each check is a function from what was seen to a list of complaints; an empty list is the only good answer.
What needs eyes, layout or colours (contrast, focus, reflow) is left to axe in a real browser: `browser.py`.
"""

from collections import Counter
from urllib.parse import unquote

import httpx2
from selectolax.lexbor import LexborHTMLParser

from tests.support.barriers import broken_by_hand, is_known
from tests.support.server import pesels_in

SPOKEN_LANGUAGES = {"pl", "en"}
WITHOUT_LABEL = {"hidden", "submit", "button", "reset", "image"}


def complaints_about(response: httpx2.Response, html: LexborHTMLParser | None) -> list[str]:
    """Everything wrong with one answer."""
    found = _about_headers(response) + _about_address(str(response.request.url), "address")
    if "location" in response.headers:
        found += _about_address(response.headers["location"], "redirect")
    if html is not None:
        found += _about_document(html) + _about_fields(html) + _about_inline_code(html)
    return found


def _about_address(url: str, what: str) -> list[str]:
    return [f"{what} holds a PESEL"] if pesels_in(unquote(url)) else []


def _about_headers(response: httpx2.Response) -> list[str]:
    headers = response.headers
    found = []
    if headers.get("x-content-type-options") != "nosniff":
        found.append("no `X-Content-Type-Options: nosniff`")
    if "set-cookie" in headers and "no-store" not in headers.get("cache-control", ""):
        found.append("sets a cookie but may be cached")
    if headers.get("content-type", "").startswith("text/html"):
        policy = headers.get("content-security-policy", "")
        found += [
            f"policy lacks {word}" for word in ("default-src", "frame-ancestors", "form-action") if word not in policy
        ]
        found += [f"policy allows {word}" for word in ("unsafe-inline", "unsafe-eval") if word in policy]
        if "referrer-policy" not in headers:
            found.append("no Referrer-Policy")
    return found


def _about_document(html: LexborHTMLParser) -> list[str]:
    found = []
    root = html.root
    language = (root.attributes.get("lang") if root else None) or ""
    if language.split("-")[0] not in SPOKEN_LANGUAGES:
        found.append(f"lang is {language!r}")
    title = html.css_first("head > title")
    if title is None or not title.text(strip=True):
        found.append("no title")
    if len(html.css("h1")) != 1:
        found.append(f"{len(html.css('h1'))} h1 headings")
    if len(html.css("main")) != 1:
        found.append(f"{len(html.css('main'))} main landmarks")
    ids = Counter(node.attributes.get("id") for node in html.css("[id]"))
    found += [f"id {name!r} is given {times} times" for name, times in ids.items() if times > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        for node in html.css(f"[{attribute}]"):
            wanted = (node.attributes.get(attribute) or "").split()
            found += [f"{attribute} names {name!r}, which is not on the page" for name in wanted if name not in ids]
    found += ["image without alt" for node in html.css("img") if "alt" not in node.attributes]
    return found


def _about_fields(html: LexborHTMLParser) -> list[str]:
    labelled = {node.attributes.get("for") for node in html.css("label[for]")}
    found = []
    for node in html.css("input, select, textarea"):
        attributes = node.attributes
        if attributes.get("type", "text") in WITHOUT_LABEL:
            continue
        named = attributes.get("aria-label") or attributes.get("aria-labelledby") or attributes.get("id") in labelled
        parent = node.parent
        while not named and parent is not None:
            named = parent.tag == "label"
            parent = parent.parent
        if not named:
            found.append(f"field {attributes.get('name')!r} has no label")
    asking = [form for form in html.css("form") if (form.attributes.get("method") or "get").lower() == "get"]
    found += ["a password would be sent in the address" for form in asking if form.css("[type=password]")]
    return found


def _about_inline_code(html: LexborHTMLParser) -> list[str]:
    found = []
    for node in html.css("*"):
        handlers = [name for name in node.attributes if name.startswith("on") or name == "style"]
        found += [f"<{node.tag}> carries {name}" for name in handlers]
        if node.tag == "style" or (node.tag == "script" and not node.attributes.get("src")):
            found.append(f"<{node.tag}> with its content in the page")
        if (node.attributes.get("href") or "").lower().startswith("javascript:"):
            found.append("a javascript: link")
    return found


def unknown_barriers(response: httpx2.Response, html: LexborHTMLParser | None) -> list[str]:
    """Barriers that the statement of one of the demonstration's systems does not tell of. Systems that a test sets up
    itself may have others than the demonstration's."""
    if html is None:
        return []
    url = _address(response)
    broken = broken_by_hand(url, lambda mark: html.css_first(mark) is not None)
    return [f"a barrier that no statement tells of: {rule}" for rule in broken if not is_known(rule, url)]


def _address(response: httpx2.Response) -> str:
    """The page's own address: a visitor of the demonstration reaches every system at 127.0.0.1."""
    request = response.request
    return f"http://{request.headers.get('host', request.url.host)}{request.url.path}"

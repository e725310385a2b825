"""Forms as they stand on a page: what they would send, which buttons they have, what a person may answer.

Only what HTML itself says is known here; nothing of Poręka. Read next: `visit.py`.
"""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from poreka.web.unbroken import without_marks

BUTTONS = "button, input[type=submit]"


@dataclass
class Form:
    """A form on a page: where it goes, what it would send if nothing were touched, and its buttons."""

    node: LexborNode
    method: str
    action: str
    fields: dict[str, list[str]]

    @classmethod
    def read(cls, node: LexborNode, page_url: str) -> Self:
        fields: dict[str, list[str]] = {}
        for control in _own(node, "input, select, textarea"):
            if name := control.attributes.get("name"):
                fields.setdefault(name, []).extend(_initial_value(control))
        action = urljoin(page_url, node.attributes.get("action") or page_url)
        return cls(node, (node.attributes.get("method") or "get").upper(), action, fields)

    def button(self, text: str | None) -> LexborNode | None:
        """The button that carries `text`, or the first one."""
        buttons = _own(self.node, BUTTONS)
        if text is None:
            return buttons[0] if buttons else None
        return next((node for node in buttons if text in (words(node) or node.attributes.get("value") or "")), None)

    def filled(self, answers: dict[str, str | list[str]]) -> dict[str, list[str]]:
        """The fields with a person's answers. A choice must be one that the page offers."""
        for name, answer in answers.items():
            assert name in self.fields, f"the form has no field {name!r}, only {sorted(self.fields)}"
            offered = [node.attributes.get("value", "on") for node in self.node.css(f'[type=radio][name="{name}"]')]
            assert not offered or answer in offered, f"{name!r} offers {offered}"
        typed = {name: [answer] if isinstance(answer, str) else answer for name, answer in answers.items()}
        return {**self.fields, **typed}


def _own(form: LexborNode, selector: str) -> list[LexborNode]:
    """What belongs to a form: what stands in it, and what names it with `form` from elsewhere on the page."""
    name = form.attributes.get("id")
    inner = [node for node in form.css(selector) if node.attributes.get("form") in (None, name)]
    page = form
    while page.parent is not None:
        page = page.parent
    outer = [node for node in page.css(selector) if name and node.attributes.get("form") == name]
    return inner + [node for node in outer if not any(node.mem_id == one.mem_id for one in inner)]


def _initial_value(control: LexborNode) -> list[str]:
    """What one control sends if nobody touches it."""
    attributes = control.attributes
    kind = attributes.get("type") or "text"
    if "disabled" in attributes or kind in ("submit", "button", "image", "reset"):
        return []
    if kind in ("checkbox", "radio"):
        return [attributes.get("value") or "on"] if "checked" in attributes else []
    if control.tag == "textarea":
        return [control.text()]
    if control.tag == "select":
        options = control.css("option")
        chosen = [node for node in options if "selected" in node.attributes] or options[:1]
        return [node.attributes.get("value") or node.text(strip=True) for node in chosen]
    return [attributes.get("value") or ""]


def inside(node: LexborNode, tag: str) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == tag:
            return True
        parent = parent.parent
    return False


def words(node: LexborNode) -> str:
    """What can be read there, spaces evened out; words that are kept whole are no pieces."""
    whole = LexborHTMLParser(without_marks(node.html or "")).body if node.css_first(".p-word") else node
    return " ".join((whole or node).text(separator=" ").split())

"""Reading a page as far as a walk needs it: forms with their buttons, links, the heading and the words.

Forms are told apart by where they go, never by what their buttons say, so that a changed text breaks no walk.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from poreka.web.unbroken import without_marks

UNSEEN = frozenset({"script", "style", "title"})
Attributes = dict[str, str]


@dataclass
class Form:
    """A form: what it would send if nothing were touched, what may be ticked, where its buttons lead; `asks`: what its
    script would ask a key."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # (action, name, value)
    asks: str = ""


class PageReader(HTMLParser):
    """Collects what stands on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.heading, self._words = "", [""]
        self._form: Form | None = None
        self._open: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self.feed(without_marks(text))

    @property
    def words(self) -> str:
        """Everything that can be read on the page, spaces evened out."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens here."""
        given = {name: value or "" for name, value in attrs}
        if tag in ("h1", *UNSEEN):
            self._open.append(tag)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            action, method = given.get("action", ""), given.get("method", "get").upper()
            self._form = Form(action, method, asks=given.get("data-options", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Note what ends here."""
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        """Words, the heading, or what stands in a text area."""
        if self._area is not None and self._form is not None:
            self._form.fields[self._area] += data.removeprefix("\n") if not self._form.fields[self._area] else data
        if "h1" in self._open:
            self.heading = f"{self.heading} {data.strip()}".strip()
        if not UNSEEN & set(self._open):
            self._words.append(data)

    def _control(self, form: Form, tag: str, given: Attributes) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")  # a button without a type sends, too
        if tag == "button" and kind in ("submit", "text"):
            form.buttons.append((given.get("formaction", form.action), name, given.get("value", "")))
        elif tag == "option" and self._select is not None:
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = given.get("value", "")
        elif not name or "disabled" in given:
            return
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area, form.fields[name] = name, ""
        elif tag == "input" and kind in ("checkbox", "radio"):
            form.boxes[name] = given.get("value", "on")
            if "checked" in given:
                form.fields[name] = given.get("value", "on")
        elif tag == "input":
            form.fields[name] = given.get("value", "")

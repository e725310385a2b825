"""Every link and every form of every page that was walked leads somewhere: none is not found, and none fails.

They are opened when a browser's journey is over, in the session in which it ended, and the pages found that way are
read for links, too. Addresses that differ in names and numbers only are opened once; one that leads to a sign-in is
tried again from another browser, and one that its page does not offer any more is no link. Of a form that is sent
only the address is tried. What leads out of the federation is not opened.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from poreka.demo.presets import Address
from poreka.demo.walk.visitor import Page, Visitor, WalkFailed

VARYING = re.compile(r"(?<=/)(?:[0-9a-v]{26}|\d+|[\w-]{40,})(?=/|$)")
SIGN_INS = re.compile(r"/(?:sign-in|enter|banks|unlock)?(?:/.*)?")
ANSWERED = frozenset({200, 403, 410, 422})
"""A page; one that is not for this person; one of a journey that has ended; a form that lacks something."""
NO_PAGE = frozenset({404, 405})


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page offers."""

    url: str
    at: str
    sent: bool = False  # the address of a form that is sent (POST)

    @property
    def kind(self) -> str:
        """The same for addresses that differ in names and numbers only."""
        parts = urlsplit(self.url)
        names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
        return f"{'POST' if self.sent else 'GET'} {parts.netloc}{VARYING.sub('*', parts.path)}?{'&'.join(names)}"

    def __str__(self) -> str:
        return f"{self.kind}, offered at {urlsplit(self.at).path}"


def links_of(page: Page) -> list[Link]:
    """Everything that a page offers to press."""
    if page.status in NO_PAGE:
        return []
    found = [Link(urldefrag(urljoin(page.url, href)).url, page.url) for href in page.read.links]
    for form in page.read.forms:
        actions = (form.action, *(button[0] for button in form.buttons))
        found += [Link(urljoin(page.url, action), page.url, sent=form.method != "GET") for action in actions]
    return found


@dataclass
class Links:
    """The links of a whole walk: which kinds were opened, and which of them lead nowhere."""

    address: Address
    opened: set[str] = field(default_factory=set)
    dead: list[str] = field(default_factory=list)

    def open_all(self, visitor: Visitor) -> None:
        """Open what this browser was offered and no browser has opened yet."""
        tried: set[str] = set()
        for page in visitor.pages:  # it grows as links are opened
            for link in links_of(page):
                if link.kind not in tried | self.opened and self._ours(link.url):
                    tried.add(link.kind)
                    self._try(visitor, link)

    def _ours(self, url: str) -> bool:
        parts = urlsplit(url)
        host = (parts.hostname or "").removesuffix(".localhost")
        return f"{parts.scheme}://{parts.netloc}" == self.address.origin(host)

    def _try(self, visitor: Visitor, link: Link) -> None:
        if link.sent:
            self.opened.add(link.kind)
            if "POST" not in visitor.methods_at(link.url):
                self.dead.append(f"{link}: no form may be sent there")
            return
        try:
            page = visitor.open(link.url)
        except WalkFailed as failed:
            self.dead.append(f"{link}: {failed}")
            return
        if page.status not in ANSWERED and self._is_offered(visitor, link):
            self.dead.append(f"{link}: {page.describe()}")
        if page.path == urlsplit(link.url).path or not SIGN_INS.fullmatch(page.path):
            self.opened.add(link.kind)

    def _is_offered(self, visitor: Visitor, link: Link) -> bool:
        """True where the page still has the link; a page drops a link when the thing that it leads to is gone."""
        return link.url in (one.url for one in links_of(visitor.open(link.at)))

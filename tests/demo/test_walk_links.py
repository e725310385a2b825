"""Links of a walk: what is a link, what is told of one that leads nowhere, and what is none any more."""

from dataclasses import dataclass, field

import pytest

from poreka.demo.presets import Address
from poreka.demo.walk.links import Links, links_of
from poreka.demo.walk.visitor import Page, Visitor, WalkFailed

PUE = "http://pue.localhost:8000"


@dataclass
class Site(Visitor):
    """A browser at a site that is not there: the page of each address, what was opened, and what takes forms."""

    site: dict[str, tuple[int, str]] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    sent_to: tuple[str, ...] = ()

    def open(self, url: str) -> Page:
        self.opened.append(url)
        status, body = self.site.get(url.removeprefix(PUE), (404, ""))
        if status == 500:
            raise WalkFailed("the server failed")
        page = Page(self, url, status, body)
        self.pages.append(page)
        return page

    def methods_at(self, url: str) -> str:
        return "GET, POST" if url.removeprefix(PUE) in self.sent_to else "GET"


def opened(site: dict[str, tuple[int, str]], sent_to: tuple[str, ...] = ()) -> tuple[Site, Links]:
    """Every link from the first page on."""
    visitor, links = Site(site=site, sent_to=sent_to), Links(Address(8000))
    visitor.open(PUE + "/")
    links.open_all(visitor)
    return visitor, links


def linking(*addresses: str) -> tuple[int, str]:
    return 200, "".join(f'<a href="{address}">x</a>' for address in addresses)


@pytest.mark.parametrize("status", [404, 405, 400, 500])
def test_a_link_that_leads_nowhere_is_told_with_where_it_stood(status: int) -> None:
    _, links = opened({"/": linking("/gone?code=secret"), "/gone?code=secret": (status, "")})
    assert len(links.dead) == 1
    assert "GET pue.localhost:8000/gone?code, offered at /:" in links.dead[0]
    assert "secret" not in links.dead[0]


def test_pages_that_links_lead_to_are_read_for_links_too() -> None:
    _, links = opened({"/": linking("/a"), "/a": linking("/b"), "/b": linking("/c")})
    assert len(links.dead) == 1
    assert "/c" in links.dead[0]


def test_names_and_numbers_make_no_difference() -> None:
    ids = ("06h31jkpb4oaojg7ehu30ml0qs", "06h31jmlrkpr7kvj2vd6nkcuqc")
    site = {"/": linking(*(f"/orders/{one}" for one in ids)), **{f"/orders/{one}": (200, "") for one in ids}}
    visitor, _ = opened(site)
    assert len([url for url in visitor.opened if "/orders/" in url]) == 1


def test_what_leads_out_of_the_federation_is_not_opened() -> None:
    outside = ("https://www.example/", "mailto:a@b.example", "tel:+48220000000", "http://pue.localhost:9/", "#main")
    visitor, links = opened({"/": linking(*outside)})
    assert visitor.opened == [PUE + "/", PUE + "/"], "a place on the same page is the page"
    assert not links.dead


def test_a_link_that_went_with_what_it_was_about_is_none() -> None:
    site = {"/": linking("/list"), "/list": linking("/list/7")}
    visitor, links = Site(site=site), Links(Address(8000))
    visitor.open(PUE + "/list")
    site["/list"] = (200, "nothing is left")
    links.open_all(visitor)
    assert not links.dead


def test_a_form_is_not_sent_but_its_address_takes_one() -> None:
    form = '<form method="post" action="/good"><button formaction="/bad">x</button></form>'
    visitor, links = opened({"/": (200, form)}, sent_to=("/good",))
    assert visitor.opened == [PUE + "/"]
    assert links.dead == ["POST pue.localhost:8000/bad?, offered at /: no form may be sent there"]


def test_a_link_that_led_to_a_sign_in_is_tried_again_from_another_browser() -> None:
    class SignedOut(Site):
        def open(self, url: str) -> Page:
            page = super().open(url)
            return Page(self, PUE + "/sign-in", 200, "") if url.endswith("/inside") else page

    links = Links(Address(8000))
    for browser in (SignedOut, Site):
        visitor = browser(site={"/": linking("/inside")})
        visitor.open(PUE + "/")
        links.open_all(visitor)
    assert len(links.dead) == 1, "the browser that was inside met what is missing"


def test_a_form_that_is_answered_by_a_question_is_a_link() -> None:
    page = Page(Visitor(), PUE + "/search", 200, '<form action="/search"><input name="q"></form>')
    assert [(link.url, link.sent) for link in links_of(page)] == [(PUE + "/search", False)]

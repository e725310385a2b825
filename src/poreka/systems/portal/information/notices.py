"""Notices to everyone, as a page and as a feed (Z1: "RSS of notices"; RSS 2.0).

The feed is in the language of the request, and escaped by the library that writes the XML.
"""

import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.warsaw_time import WARSAW
from poreka.systems.portal.store.notices import Notice, published
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import language_of, texts_of
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.texts import Texts


async def show_notices(request: Request, system: Portal) -> Response:
    """GET /notices."""
    language = language_of(request, system)
    shown = [
        {"key": one.key, "day": one.day, "title": one.of(language).title, "text": one.of(language).text}
        for one in published(system.clock())
    ]
    session = await session_of(request, system)
    return show(request, system, "systems/portal/information/notices.html", session=session, notices=shown)


async def show_feed(request: Request, system: Portal) -> Response:
    """GET /notices.rss."""
    feed = feed_of(published(system.clock()), system.origin, system.settings.system.name, texts_of(request, system))
    return Response(feed, media_type="application/rss+xml")


def feed_of(notices: list[Notice], origin: str, name: str, texts: Texts) -> bytes:
    """The notices as RSS 2.0."""
    rss = Element("rss", version="2.0")
    channel = SubElement(rss, "channel")
    _say(channel, "title", texts("information.notices.feed", system=name))
    _say(channel, "link", f"{origin}/notices")
    _say(channel, "description", texts("information.notices.about"))
    _say(channel, "language", texts.language)
    for notice in notices:
        item = SubElement(channel, "item")
        words = notice.of(texts.language)
        _say(item, "title", words.title)
        _say(item, "link", f"{origin}/notices#{notice.key}")
        _say(item, "description", words.text)
        _say(item, "pubDate", format_datetime(datetime.datetime.combine(notice.day, datetime.time(8), WARSAW)))
        _say(item, "guid", f"{origin}/notices#{notice.key}")
    return bytes(tostring(rss, encoding="utf-8", xml_declaration=True))


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text

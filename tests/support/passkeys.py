"""A passkey in somebody's hand: what their browser's script would do with the forms of our pages."""

import json

from selectolax.lexbor import LexborHTMLParser

from poreka.demo.walk.authenticator import Authenticator, challenge_for


def _form(html: LexborHTMLParser, ceremony: str) -> tuple[str, dict[str, object]]:
    node = html.css_first(f'form[data-key="{ceremony}"]')
    assert node is not None, html.text()
    return node.attributes.get("data-token") or "", json.loads(node.attributes.get("data-options") or "")


def made(html: LexborHTMLParser, key: Authenticator, origin: str | None = None) -> dict[str, str]:
    """The fields of the form after the authenticator made a key for it."""
    token, options = _form(html, "create")
    user = options["user"]
    assert isinstance(user, dict)
    key.handle = user["id"]
    return {"token": token, "credential": key.create(challenge_for(token), origin)}


def used(html: LexborHTMLParser, key: Authenticator, origin: str | None = None) -> dict[str, str]:
    """The fields of the form after the authenticator signed its challenge."""
    token, _ = _form(html, "get")
    return {"token": token, "credential": key.get(challenge_for(token), origin)}

"""Rendering a page: one Jinja environment for all systems, autoescaped, strict about names.

A template stands beside its handler (`systems/desk/profiles/find.html`) and is named by that path. What
every page is given: `t`, `lang`, `system`, `csrf_token`, the navigation and who is signed in; the
full list is in `web/layout/README.md`. The page's own data come from the handler.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from poreka.web.unbroken import unbroken

STATIC_PATH = "/static/"


def page_environment() -> Environment:
    """The Jinja environment; templates are named from the package's root."""
    return Environment(
        loader=PackageLoader("poreka", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A template and what it is given; `status` is the HTTP status."""

    template: str
    data: Mapping[str, Any]
    status: int = 200


def render(environment: Environment, page: Page, frame: Mapping[str, Any]) -> HTMLResponse:
    """The page as an answer; `frame` is what every page of the system is given."""
    body = environment.get_template(page.template).render(**frame, **page.data)
    return HTMLResponse(unbroken(body, frame["lang"]), page.status)


@lru_cache(maxsize=128)
def static_path(name: str) -> str:
    """The address of a static file, with a fingerprint so that it may be cached for ever."""
    content = resources.files("poreka.web.layout.static").joinpath(name).read_bytes()
    return f"{STATIC_PATH}{hashlib.sha256(content).hexdigest()[:12]}/{name}"

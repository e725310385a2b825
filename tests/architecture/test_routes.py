"""Every route says who may call it, and every app is an explicit list of routes: nothing registers itself."""

import importlib
from collections import Counter
from itertools import chain
from types import ModuleType

from poreka.web.routes import Access, Route
from tests.architecture.source import PACKAGE

ENGINES = {"poreka.provider.routes", "poreka.web.routes"}
"""Routes that a system lists among its own, and what a route is."""

METHODS = {"GET", "POST", "DELETE"}


def apps() -> list[ModuleType]:
    """Every system's table of contents, those of the demonstration's pages, and what all answer for everyone."""
    paths = sorted(path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("routes.py"))
    names = [".".join(path.parts) for path in paths]
    return [importlib.import_module(name) for name in names if name not in ENGINES]


def routes(app: ModuleType) -> list[Route]:
    found = getattr(app, "ROUTES", None)
    assert isinstance(found, list), f"{app.__name__} has no list ROUTES"
    return found


def lists_of_routes(app: ModuleType) -> list[list[Route]]:
    """One list for each origin at which an app answers."""
    return [routes(app), *(value for name, value in vars(app).items() if name.endswith("_ROUTES"))]


def test_there_are_apps() -> None:
    assert apps(), "there is no table of contents"


def test_every_route_declares_who_may_call_it() -> None:
    for app in apps():
        assert all(lists_of_routes(app)), f"{app.__name__} has no routes"
        for route in chain(*lists_of_routes(app)):
            assert isinstance(route, Route), f"{app.__name__} lists {route!r}"
            assert isinstance(route.access, Access), f"{route.method} {route.path} declares no access"
            assert route.method in METHODS, f"{route.method} {route.path}"
            assert route.path.startswith("/"), f"{route.method} {route.path}"


def test_no_route_stands_twice_in_an_app() -> None:
    for app in apps():
        for listed in lists_of_routes(app):
            times = Counter((route.method, route.path) for route in listed)
            assert not [key for key, count in times.items() if count > 1], app.__name__

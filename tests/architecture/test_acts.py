"""Every route that changes something has a row in the table of acts, and is protected as the row says."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from itertools import chain

import pytest

from poreka.rules.acts.act import Protection
from poreka.rules.acts.table import ACTS, BY_SYSTEM, OWN_OPERATIONS
from poreka.systems.trusted_profile.changes import end
from poreka.systems.trusted_profile.operation.deeds import DEEDS as CARRIED_OUT
from poreka.web.routes import Access, Route
from tests.architecture.source import modules
from tests.architecture.test_routes import apps, lists_of_routes
from tests.architecture.test_texts import catalogue

WRITING = {"transaction", "save", "insert", "go_to", "begin", "begin_at", "begin_operation"}
"""By what a handler that is called with GET gives away that it changes something."""


def every_route() -> Iterator[Route]:
    for app in apps():
        yield from chain(*lists_of_routes(app))


def writes(handler: Callable[..., object]) -> bool:
    """Whether a handler, or what it calls in its own module, writes."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(handler) or handler))
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    open_names, seen = [getattr(handler, "__name__", "")], set[str]()
    while open_names:
        name = open_names.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for call in ast.walk(functions[name]):
            if isinstance(call, ast.Call):
                called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if called in WRITING:
                    return True
                open_names.append(called)
    return False


def test_every_route_that_is_not_only_read_names_its_act() -> None:
    without = [f"{one.method} {one.path}" for one in every_route() if one.method != "GET" and one.act is None]
    assert not without


def test_a_get_that_writes_names_its_act() -> None:
    found = [one for one in every_route() if one.method == "GET" and one.act is None and writes(one.handler)]
    assert not [f"{one.path} {one.handler.__module__}" for one in found]


def test_every_row_is_used() -> None:
    used = {one.act for one in every_route()} | set(CARRIED_OUT)
    operators = {one.name for one in ACTS.values() if one.protection is Protection.OPERATOR}
    assert set(ACTS) - used - operators == set()


def test_no_two_rows_have_one_name() -> None:
    assert len(ACTS) == sum(len(rows) for _, rows in BY_SYSTEM)


def test_own_operations_are_the_deeds_that_are_carried_out() -> None:
    assert set(OWN_OPERATIONS) == set(CARRIED_OUT)
    assert all(one.protection is Protection.OWN_OPERATION for one in OWN_OPERATIONS.values())


def test_the_route_of_an_own_operation_only_begins_it() -> None:
    for route in every_route():
        if route.act is not None and ACTS[route.act].protection is Protection.OWN_OPERATION:
            source = inspect.getsource(inspect.getmodule(route.handler) or route.handler)
            assert re.search(rf'(begin|wanted_operation)\(request, pz, "{route.act}"', source), route.path
            assert ".profiles.save" not in inspect.getsource(route.handler), route.path


def test_words_and_notices_of_every_row_are_texts_in_both_languages() -> None:
    for one in ACTS.values():
        for key in (one.words, *(told.text for told in one.told)):
            assert not key or all(key in catalogue(language) for language in ("pl", "en")), key


def test_a_route_that_asks_for_less_than_its_act_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="extend"):
        Route("POST", "/profile/extend", end.lock_profile, Access.ANYONE, "extend")
    with pytest.raises(ValueError, match="lock_profile"):
        Route("POST", "/profile/not-me", end.lock_profile, Access.PERSON, "lock_profile")


def test_every_act_of_an_operator_is_a_function_of_a_room_that_the_command_line_calls() -> None:
    """So that whatever operators get besides the command line does the very same."""
    deeds: dict[str, list[str]] = {}
    called: set[str] = set()
    for module in modules():
        functions = [one for one in ast.walk(module.tree) if isinstance(one, ast.AsyncFunctionDef)]
        if str(module).startswith("cli/"):
            called |= {getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(module.tree)}
        else:
            for one in functions:
                deeds.setdefault(one.name, []).append(str(module))
    operators = [one.name for one in ACTS.values() if one.protection is Protection.OPERATOR]
    assert {name: deeds.get(name, []) for name in operators if len(deeds.get(name, [])) != 1} == {}
    assert [name for name in operators if name not in called] == []


def test_the_command_line_changes_nothing_by_itself() -> None:
    """Whatever a command changes is a function of a room, with its transaction and its audit event in it."""
    writing = {"transaction", "insert", "AuditLog", "Recorder"}
    found = {
        f"{module}:{node.lineno}"
        for module in modules()
        if str(module).startswith("cli/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in writing
    }
    assert not found

"""How many others import one module: what nearly everybody needs is small, or few can ever change it.

A module that grows past the limit holds several subjects: split it by them.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.names_in_use import dotted, dotted_names
from tests.architecture.source import Module, modules

MOST_IMPORTERS = 90
NEEDED_EVERYWHERE = {
    "poreka.store.database": "the type of the transaction",
    "poreka.store.sessions": "the type of the session, which the handler of a signed-in person is given",
    "poreka.web.browser.language": "the texts in the person's language",
    "poreka.web.browser.redirect": "what the answer to a form is",
}


def imported(module: Module) -> Iterator[str]:
    """The modules of the package that a module imports from."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            inside = {f"{node.module}.{one.name}" for one in node.names} & dotted_names()
            yield from inside or {node.module or ""}


def test_hardly_any_module_is_imported_by_more_than_ninety_others() -> None:
    importers: dict[str, set[str]] = defaultdict(set)
    for module in modules():
        for name in dotted_names().intersection(imported(module)):
            importers[name].add(dotted(module))
    many = {name: len(who) for name, who in importers.items() if len(who) > MOST_IMPORTERS}
    beyond = {name: count for name, count in many.items() if name not in NEEDED_EVERYWHERE}
    assert not beyond, f"imported by more than {MOST_IMPORTERS} modules: {beyond}"
    assert set(many) == set(NEEDED_EVERYWHERE), "what fewer import needs no exception"

"""The house rules that a reader would otherwise have to remember: sizes, names, opening words, depth.

One test a rule; when it fails it lists every offender at once.
"""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.architecture.source import PACKAGE, ROOT, Module, modules, project_files

LONGEST_FILE = 300
LONGEST_FUNCTION = 45
MOST_IN_A_FOLDER = 25
DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc", "manager", "managers"}
DRAWERS |= {"services", "handlers", "models", "constants"}


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_module_opens_by_saying_what_it_is() -> None:
    lines = {str(module): len((ast.get_docstring(module.tree) or "").splitlines()) for module in modules()}
    off = {name: n for name, n in lines.items() if not (1 if name.endswith("__init__.py") else 2) <= n <= 12}
    assert not off, f"a docstring has 2 to 12 lines, that of a folder at least one; these have: {off}"


def test_every_file_is_short() -> None:
    lines = {str(module): len(module.text.splitlines()) for module in modules()}
    off = {name: count for name, count in lines.items() if count >= LONGEST_FILE}
    assert not off, f"split by noun, below {LONGEST_FILE} lines: {off}"


def test_every_function_fits_on_a_screen() -> None:
    off = {
        f"{module}:{function.name}": length
        for module in modules()
        for function in functions(module)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert not off, f"longer than {LONGEST_FUNCTION} lines: {off}"


def test_every_module_lies_at_most_two_folders_deep_and_in_a_system_at_most_three() -> None:
    parts = [module.path.relative_to(PACKAGE).parts for module in modules()]
    assert not ["/".join(one) for one in parts if len(one) > (4 if one[0] == "systems" else 3)]


def test_no_folder_is_a_heap() -> None:
    held = Counter(module.path.parent.relative_to(PACKAGE).as_posix() for module in modules())
    heaps = {folder: count for folder, count in held.items() if count > MOST_IN_A_FOLDER}
    assert not heaps, f"a folder of more than {MOST_IN_A_FOLDER} files wants subjects: {heaps}"


def test_nothing_is_a_drawer() -> None:
    ours = [path.relative_to(ROOT) for path in project_files() if path.is_relative_to(PACKAGE)]
    drawers = [str(path) for path in ours if {part.removesuffix(".py") for part in path.parts} & DRAWERS]
    assert not drawers, f"named after no thing: {drawers}"


def test_no_function_changes_a_global() -> None:
    changed = [str(module) for module in modules() for node in ast.walk(module.tree) if isinstance(node, ast.Global)]
    assert not changed, f"dependencies are arguments: {changed}"


def test_names_are_compared_by_one_rule() -> None:
    """`rules.people.names.same_name`: spellings of one name are equal, so `==` between two names refuses people."""
    names = {"first_name", "surname", "given_name", "family_name"}
    found = [
        f"{module}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Compare) and not str(module).startswith("demo/walk/")
        if all(isinstance(side, ast.Attribute) and side.attr in names for side in (node.left, *node.comparators))
    ]
    assert not found


def test_a_typed_code_is_tried_in_one_place() -> None:
    """`codes.answer.answer`: what tries a code also counts it, before anyone is told."""
    users = {
        str(module)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "poreka.rules.authorising.operation"
        if "try_code" in {name.name for name in node.names}
    }
    assert users == {"codes/answer.py"}


def test_a_journey_begins_in_one_place() -> None:
    """`store.journeys` makes every journey, `web.own_journey.begin_journey` binds it to the browser that asks."""
    makers = {
        str(module)
        for module in modules()
        if not str(module).startswith("demo/")  # there, a journey is what a visitor does
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Journey"
    }
    assert makers == {"store/journeys.py"}

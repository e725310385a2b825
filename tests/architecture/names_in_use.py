"""Which public names the package defines, and which of them something other than a test uses.

A name is used where another file imports it, where a file asks its module for it (`routes.ROUTES`), where a string
names it as the command line does (`poreka.cli.serve:serve`), or where its own module reads it outside its definition.
A method or property is used where anything reads an attribute of that name, in Python or in a template: of two classes
with the same method one vouches for the other, so this finds less than is dead, and nothing that lives.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.architecture.source import PACKAGE, ROOT, Module, modules, project_files, templates

NOT_USERS = {"tests", "src"}
TARGET = re.compile(r"poreka(\.\w+)+:\w+")


@dataclass(frozen=True)
class Name:
    """A public name: of a module, or of a class in it (`Outbox.put`)."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


@dataclass
class Uses:
    """What the package, its templates and the programs around it ask for."""

    names: set[Name] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


def dotted(module: Module) -> str:
    """The name that an import of the module says."""
    parts = module.path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def dotted_names() -> frozenset[str]:
    return frozenset(dotted(module) for module in modules())


def public_names(module: Module) -> Iterator[Name]:
    """Functions, classes and constants of the module; methods and properties of its classes."""
    for statement in module.tree.body:
        for name in bound(statement):
            if not name.startswith("_"):
                yield Name(dotted(module), name)


def public_methods(module: Module) -> Iterator[Name]:
    """Methods and properties of the module's classes, private classes too; what Python itself calls is left out."""
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
    for one in classes:
        methods = (inner for inner in one.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef))
        yield from (Name(dotted(module), f"{one.name}.{it.name}") for it in methods if not it.name.startswith("_"))


def bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        yield from (n.id for one in targets for n in ast.walk(one) if isinstance(n, ast.Name))


@cache
def uses() -> Uses:
    """Everything that is asked for outside tests."""
    found = Uses()
    for module in modules():
        _read(module.tree, found, dotted(module))
        found.names.update(_own(module))
    for path in project_files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] not in NOT_USERS:
            _read(ast.parse(path.read_text(encoding="utf-8")), found, "")
    for path in templates():
        found.attributes.update(re.findall(r"\w+", re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)))
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    found.names.update(_target(text) for text in scripts.values())
    return found


def _target(text: str) -> Name:
    module, _, name = text.partition(":")
    return Name(module, name)


def _read(tree: ast.Module, found: Uses, itself: str) -> None:
    """What one file asks other modules for."""
    aliases = dict(_aliases(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module != itself:
            found.names.update(Name(node.module or "", one.name) for one in node.names)
        elif isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                found.attributes.add(node.attr)
            if (module := aliases.get(ast.unparse(node.value) if _is_path(node.value) else "")) is not None:
                found.names.add(Name(module, node.attr))
        elif isinstance(node, ast.ClassDef):  # `log = msg`
            plain = (inner for inner in node.body if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef))
            found.attributes.update(n.id for inner in plain for n in ast.walk(inner) if isinstance(n, ast.Name))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and TARGET.fullmatch(node.value):
            found.names.add(_target(node.value))


def _is_path(node: ast.expr) -> bool:
    """`a` or `a.b.c`."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_path(node.value))


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names by which a file calls modules of the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.asname or one.name, one.name) for one in node.names if one.name in dotted_names())
        elif isinstance(node, ast.ImportFrom):
            paths = ((one.asname or one.name, f"{node.module}.{one.name}") for one in node.names)
            yield from ((alias, path) for alias, path in paths if path in dotted_names())


def _own(module: Module) -> Iterator[Name]:
    """The names that the module reads outside their own definitions: a function that only calls itself is not used."""
    for statement in module.tree.body:
        read = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        yield from (Name(dotted(module), name) for name in read - set(bound(statement)))

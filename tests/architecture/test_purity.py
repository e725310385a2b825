"""Cores are pure.

The import contracts keep modules out; here is what imports alone do not show: awaiting, clocks, chance,
files.

`datetime` may be used for its types, never to ask what time it is.
"""

import ast
import re

from tests.architecture.source import Module, modules

PURE = re.compile(r"(oidc|rules|contracts)/|(.*/)?rules/|(.*/)?[a-z_]*events\.py$|audit/chain\.py$|shown_words\.py$")
"""What the standards say, what is decided, wherever it lies, what our systems say to one another, and the events."""
WAITING = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "sleep"}
CHANCE = {"urandom", "token_bytes", "token_urlsafe", "token_hex", "randbelow", "randint", "uuid4"}
OUTSIDE = {"print", "open", "input", "getenv", "read_text", "read_bytes"}


def pure_modules() -> list[Module]:
    return [module for module in modules() if PURE.match(str(module))]


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def test_the_cores_are_found() -> None:
    rooms = {"/".join(str(module).split("/")[:-1]) for module in pure_modules()}
    assert {"oidc", "rules", "contracts", "audit", "provider/rules", "systems/portal/rules"} <= rooms


def test_no_core_waits() -> None:
    nodes = [(module, node) for module in pure_modules() for node in ast.walk(module.tree)]
    assert not [f"{module}:{node.lineno}" for module, node in nodes if isinstance(node, WAITING)]


def test_no_core_asks_a_clock_chance_or_the_disk() -> None:
    nodes = [(module, node) for module in pure_modules() for node in ast.walk(module.tree)]
    calls = [(module, node) for module, node in nodes if isinstance(node, ast.Call)]
    told = [n for _, n in calls if called(n) == "time" and n.args]  # who is given a time asks for none
    impure = [
        f"{m}:{n.lineno} {called(n)}()" for m, n in calls if called(n) in CLOCKS | CHANCE | OUTSIDE and n not in told
    ]
    assert not impure, f"time and fresh secrets are arguments: {impure}"

"""Templates need no hole in the content security policy, and never switch escaping off."""

import ast
import re

from tests.architecture.source import PACKAGE, modules, templates

FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "a style element": r"<style[\s>]",
    "a script with its content in the page": r"<script(?![^>]*\ssrc=)[\s>]",
    "a javascript: link": r"javascript:",
    "escaping switched off": r"\|\s*safe\b|autoescape\s+false",
    "something from another machine": r"""(?:src|href)\s*=\s*["'](?:https?:)?//""",
}

NUMBERS = {"section", "paragraph"}  # a full stop after these is no end of a sentence


def test_there_are_templates() -> None:
    assert templates()


def test_every_template_keeps_to_the_policy() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {what}"
        for path in templates()
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    ]
    assert not found


def test_every_page_that_waits_for_a_code_says_how_its_message_stands() -> None:
    waiting = [path for path in templates() if "c.code_input(" in path.read_text(encoding="utf-8")]
    assert len(waiting) > 3
    silent = [path.relative_to(PACKAGE) for path in waiting if "message_box(" not in path.read_text(encoding="utf-8")]
    assert not silent


def test_no_template_puts_a_full_stop_after_a_name() -> None:
    """The name may end with one ("Bank S.A."): such a sentence is a text, where `web/texts.py::fill` sees to it."""
    found = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in templates()
        for name in re.findall(r"\{\{\s*([^}]*?)\s*\}\}(?:</\w+>)*\.(?!\w)", path.read_text(encoding="utf-8"))
        if name not in NUMBERS and not re.fullmatch(r"t\([^=]*\)|t\.day\(\w+\)", name)
    ]
    assert not found


def test_no_page_calls_its_own_data_as_the_frame_does() -> None:
    """`web/layout/README.md`: such a page ends in an error, or shows the one in the place of the other."""
    [frame] = [module for module in modules() if str(module) == "web/frame.py"]
    [made] = [node for node in ast.walk(frame.tree) if isinstance(node, ast.FunctionDef) and node.name == "_frame"]
    [given] = [n.value for n in ast.walk(made) if isinstance(n, ast.Return) and isinstance(n.value, ast.Dict)]
    frames = {key.value for key in given.keys if isinstance(key, ast.Constant)} - {"session"}  # the way to give it
    assert {"system", "navigation"} <= frames
    found = [
        f"{module}:{node.lineno} {one.arg}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("show")
        for one in node.keywords
        if one.arg in frames
    ]
    assert not found


def test_what_is_wrong_with_a_form_is_of_one_kind() -> None:
    """`web.form_errors.FormErrors`: no handler makes lines of its own for the list above a form."""
    found = [
        f"{module}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "errors" and isinstance(node.value, ast.List | ast.ListComp)
    ]
    assert not found

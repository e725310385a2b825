"""The package's source as the generated pages read it: a module's text and tree, what it says, its fields."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "poreka"
MADE = "<!-- Made by docs/generate.py from {source}; change the code, then run the script. -->"


class Source:
    """One module: its text by lines and its tree."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.path, self.lines, self.tree = path, text.splitlines(), ast.parse(text)

    def classes(self) -> dict[str, ast.ClassDef]:
        """Its classes by name, in order."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    def function(self, name: str) -> ast.FunctionDef:
        """One of its functions."""
        functions = (node for node in self.tree.body if isinstance(node, ast.FunctionDef))
        return next(function for function in functions if function.name == name)

    def remark(self, node: ast.stmt) -> str:
        """The comment at the end of a statement's last line."""
        line = self.lines[(node.end_lineno or 1) - 1][node.end_col_offset or 0 :]
        return line.partition("#")[2].strip()


def said(node: ast.ClassDef | ast.FunctionDef | ast.Module) -> str:
    """A docstring as one paragraph each, with line breaks taken out."""
    paragraphs = (ast.get_docstring(node) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    """The fields of a class, in order."""
    annotated = (one for one in node.body if isinstance(one, ast.AnnAssign))
    return [one for one in annotated if not ast.unparse(one.annotation).startswith("ClassVar")]


def docstring_after(node: ast.ClassDef, field: ast.AnnAssign) -> str:
    """What the text below a field says of it."""
    place = node.body.index(field) + 1
    after = node.body[place] if place < len(node.body) else None
    is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    return " ".join(str(after.value.value).split()) if is_text else ""  # type: ignore[union-attr]

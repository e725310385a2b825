"""Cells, rows and tables of Markdown."""


def code(text: str) -> str:
    """Text as code in a table's cell."""
    return f"`{text}`" if text else ""


def row(*cells: str) -> str:
    """A row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(heads: tuple[str, ...], rows: list[str]) -> list[str]:
    """A table; nothing where there is no row."""
    return [row(*heads), row(*("---" for _ in heads)), *rows, ""] if rows else []

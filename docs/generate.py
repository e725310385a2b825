"""Writes the generated pages of docs/ from the code that they describe; `generating/pages.py` lists them.

    .venv/bin/python docs/generate.py

A test (`tests/architecture/test_generated_docs.py`) fails when a committed page differs from what this would write.
"""

from generating.pages import write

if __name__ == "__main__":
    write()

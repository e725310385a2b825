"""The generated pages of docs/: one module a page; `pages.py` lists them.

The source is read, not run, but for the table of acts, the limits and the kinds of systems, which are imported.
"""

"""Who runs: each kind of system is a table of contents, the ordered list of its routes and its menus.

No handler is written here; a route points at one in `flows/` and says who may call it.
"""

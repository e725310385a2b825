"""What answers: a folder for each thing people and programs do, handlers and their pages side by side.

A handler has four beats, in this order: load, decide, save, reply. Flows do not import one another;
what they share is below them, in `web/`, `store/`, `journeys/` and `rules/`.
"""

"""The desk, where clerks confirm trusted profiles and propose acts on them.

It keeps its clerks, and nothing of owners. Read next: `routes.py`.
"""

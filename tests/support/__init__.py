"""What tests stand on.

A real PostgreSQL, a running demo, browsers, and an HTTP client that checks every page it sees.

Nothing here asserts what Poręka decides; that is in the tests themselves.
"""

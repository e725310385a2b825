"""The systems that run: each kind in a room of its own, and no room knows another one.

What each kind is made of stands in its `system.py`, what it answers in `routes.py`, its settings file in
`settings.py`, and how it is built in `build.py`.
"""

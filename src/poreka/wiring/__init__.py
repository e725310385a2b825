"""The only place that builds: databases, keys, senders, clocks, HTTP clients, and from them the systems.

`system.py` builds what every system has, `bank.py` and `portal.py` their kinds, `federation.py` the
whole demonstration. Nothing elsewhere constructs a dependency or reads a settings file.
"""

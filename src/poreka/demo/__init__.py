"""The demonstration: every system in one process on this machine, with invented people and a clock that can be
moved."""

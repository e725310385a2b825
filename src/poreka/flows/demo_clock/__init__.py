"""The demonstration's clock: shown, and moved forward for every system at once.

It exists in the demonstration only. What a period is, is `duration.py`.
"""

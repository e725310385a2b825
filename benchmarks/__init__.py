"""The measured journeys, with the peers beside them.

`python -m benchmarks` starts every contender itself, pinned to one core, plays the journeys of `journeys.py`
against each in alternating rounds from the other core, and prints medians, ratios and CPU time per journey.
Not a test suite: nothing here decides whether Poręka is right, only how much it costs. Read `README.md` next.
"""

"""What operators do: the command `poreka` and what its commands run.

The list of commands is `main.py`; how commands end and what is told of mistakes, `ending.py` and `faults.py`.
"""

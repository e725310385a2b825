"""What operators type: the command `poreka`. A command reads its words, opens a system, calls a room and tells.

Nothing is changed here: each change is a function of the room it belongs to (docs/architecture.md, "what operators
do"). The list of commands is `main.py`; how commands end and what is told of mistakes, `ending.py` and `faults.py`.
"""

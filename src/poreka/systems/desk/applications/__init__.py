"""Applications at the desk (T1): what waits, one of them, and the decision.

GET  /, POST /applications                  the queue; one found by its number: `queue.py`
GET  /applications/{number}                 what the clerk compares: `case.py`
GET, POST /applications/{number}/confirm/{way}, …/refuse   the decision: `deciding.py`

Everything shown is read from the trusted profile at that moment; nothing of it is kept here.
"""

"""`Failed`: what somebody asked of a command or of a start cannot be done, and the reason is no bug.

How a command ends on it is `cli/faults.py`.
"""


class Failed(Exception):
    """A command cannot do what was asked; the message is for the operator."""

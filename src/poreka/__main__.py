"""`python -m poreka` is the command `poreka`.

Read next: `cli/main.py`, which lists the commands.
"""

from poreka.cli.main import main

main()

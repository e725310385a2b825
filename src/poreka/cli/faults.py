"""What may go wrong through an operator's mistake or the machine's, told as a sentence.

Never as a traceback: what is neither is a bug, and only that may show itself.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from poreka.audit.chain import ChainBroken, KeyDoesNotFit
from poreka.cli.ending import stop
from poreka.running.failed import Failed
from poreka.store.database import AlreadyThere, DatabaseUnavailable
from poreka.store.migrate import SchemaNotCurrent
from poreka.store.seal import CannotUnseal
from poreka.web.settings.every_kind import SettingsError


@contextmanager
def explained(about: object = None) -> Iterator[None]:
    """Turn what may go wrong through no fault of ours into a sentence that begins with what it is about."""
    at = f"{about}: " if about else ""
    try:
        yield
    except SettingsError as fault:
        stop(str(fault) if at and str(fault).startswith(str(about)) else f"{at}{fault}")
    except ChainBroken as broken:
        stop(f"{at}THE AUDIT LOG WAS CHANGED: {broken}")
    except KeyDoesNotFit as fault:
        stop(f"{at}the key does not fit this log: is secrets_file the one that this system ran with? ({fault})")
    except DatabaseUnavailable as fault:
        stop(f"{at}the database cannot be reached: {fault}")
    except (Failed, SchemaNotCurrent, AlreadyThere) as fault:
        stop(f"{at}{fault}")
    except CannotUnseal:
        stop(f"{at}the secrets file is not the one that this database was sealed with")
    except sqlite3.DatabaseError as fault:
        stop(f"{at}the SQLite database cannot be used: {fault}")
    except OSError as fault:
        stop(f"{fault.filename or about or 'operating system'}: {fault.strerror or fault}")

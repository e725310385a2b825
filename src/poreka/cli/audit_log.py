"""`poreka audit`: prove that the audit log is whole, and read it.

What the chain cannot see by itself is a log cut off at its end. So `verify --heads FILE` keeps where it
ended, in a file that belongs on another machine, and next time proves that nothing since then is gone.
"""

import datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Column, Table

from poreka.audit import events, passkey_events, phone_events
from poreka.audit.entries import AuditEntries
from poreka.audit.verify import Verified, verify_log
from poreka.cli.faults import explained
from poreka.cli.opened import with_system
from poreka.kinds import KINDS, events_of
from poreka.provider import approval_events, tool_events
from poreka.rules.warsaw_time import WARSAW, warsaw_moment
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation


def verify_audit(file: Path, /, *, heads: Path | None = None) -> None:
    """Check the whole audit log: nothing changed, inserted, moved or taken out.

    Parameters
    ----------
    file
        The system's settings file.
    heads
        File of an earlier run's heads: compared with, then written anew.
    """

    found: list[Verified] = []
    with explained(heads):
        earlier = read_heads(heads) if heads and heads.exists() else None

    async def verify(base: Foundation) -> None:
        verified = await verify_log(AuditEntries(base.database), base.audit_key, earlier=earlier)
        print(f"whole  {verified.entries} entries in {verified.openings.number} lanes")
        if earlier:
            print(f"nothing of the {earlier.entries} entries of {heads} is gone")
        found.append(verified)

    with_system(file, verify)
    if heads:
        with explained(heads):
            heads.write_bytes(msgspec.json.format(msgspec.json.encode(found[0]), indent=2) + b"\n")


def show_audit(
    file: Path,
    /,
    *,
    person: str | None = None,
    event: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 100,
) -> None:
    """Show entries of the audit log, newest first.

    Parameters
    ----------
    file
        The system's settings file.
    person
        Only what happened to this person: the system's own id.
    event
        Only events of this name, such as ConsentGiven.
    since
        Not before this moment: 2026-11-21 or 2026-11-21T14:30 (Polish time).
    until
        Before this moment.
    limit
        At most so many.
    """

    async def show(base: Foundation) -> None:
        if event is not None and event not in EVENT_NAMES:
            raise Failed(f"--event: there is no event {event!r}; there are {', '.join(EVENT_NAMES)}")
        begin, end = moment(since, "--since") or 0, moment(until, "--until")
        found = await AuditEntries(base.database).shown(
            person_id=person, event=event, since=begin, until=end, limit=limit
        )
        table = Table("when", "event", Column("person", overflow="fold"), Column("details", overflow="fold"))
        for entry in found:
            at = warsaw_moment(entry.at).strftime("%Y-%m-%d %H:%M:%S")
            table.add_row(at, entry.event, entry.person_id or "", entry.details)
        Console(soft_wrap=True).print(table if found else "no such entry")

    with_system(file, show)


CATALOGUE = (
    *(events, tool_events, passkey_events, approval_events, phone_events),
    *(part for kind in KINDS for part in events_of(kind)),
)
"""What every system's log can say, or several kinds', and then each kind's own."""
EVENT_NAMES = tuple(
    sorted(
        name
        for part in CATALOGUE
        for name, kind in vars(part).items()
        if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
    )
)


def read_heads(file: Path) -> Verified:
    """The heads of an earlier verification; raises `Failed`."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Verified)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Failed(f"is not a file that `poreka audit verify --heads` wrote ({error})") from None


def moment(text: str | None, option: str) -> int | None:
    """Seconds since the epoch of an ISO 8601 date or time, Polish by default; raises `Failed`."""
    if text is None:
        return None
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise Failed(f"{option}: {text!r} is no date such as 2026-11-21 or 2026-11-21T14:30") from None
    return int((found if found.tzinfo else found.replace(tzinfo=WARSAW)).timestamp())

"""Walking: a demonstration of its own on a free port, every journey in it, and a line for each step.

The server runs in this process and the walk in a thread beside it. When a journey fails the others are walked all
the same.
"""

import asyncio
import socket
import time
from pathlib import Path

import uvloop
from rich.console import Console
from rich.markup import escape

from poreka.demo.presets import Address, read_added
from poreka.demo.proxy import certificate_proxy
from poreka.demo.server import demo_address, prepare, serving
from poreka.demo.tls_certificates import trusting
from poreka.demo.walk.journeys import JOURNEYS, Journey, journeys_at
from poreka.demo.walk.visitor import WalkFailed
from poreka.demo.walk.walk import Walk


class NoSuchJourney(Exception):
    """The walk has no journey of that name; the message says which there are."""


def walk_and_report(name: str | None, folder: Path, banks: tuple[Path, ...], *, tls: bool) -> bool:
    """Walk all journeys, or the named one, and print each step; whether all passed. Raises `NoSuchJourney`."""
    address = demo_address(_free_port(), _free_port(), tls=tls)
    added = [journey for file in banks for journey in journeys_at(read_added(file, address))]
    wanted = [journey for journey in (*added, *JOURNEYS) if name in (None, journey.name)]
    if not wanted:
        names = ", ".join(one.name for one in (*added, *JOURNEYS))
        raise NoSuchJourney(f"there is no journey {name!r}; there are {names}")
    fresh = not folder.exists() or not any(folder.glob("*.db"))
    return uvloop.run(_serve_and_walk(wanted, folder, address, banks, fresh=fresh))


async def _serve_and_walk(
    wanted: list[Journey], folder: Path, address: Address, banks: tuple[Path, ...], *, fresh: bool
) -> bool:
    certified = prepare(folder, address, banks, fresh=False)
    console = Console(highlight=False, soft_wrap=True)

    def tell(step: str, seconds: float) -> None:
        console.print(f"  {seconds * 1000:6.0f} ms  {escape(step)}")

    walk = Walk(address, tell, trusting(folder) if certified else None, fresh)
    with certificate_proxy(folder, address, certified):
        async with serving(address, folder, certified):
            failed = await asyncio.to_thread(_walk_all, wanted, walk, console)
    return not failed


def _walk_all(wanted: list[Journey], walk: Walk, console: Console) -> list[str]:
    began, failed, skipped = time.perf_counter(), [], 0
    for journey in wanted:
        console.print(f"[bold]{journey.name}[/bold]  {escape(journey.about)}")
        if journey.certificates and walk.address.certificate_port is None:
            console.print(f"  [bold yellow]SKIPPED[/bold yellow]   {_why_no_certificates(walk.address)}")
            skipped += 1
            continue
        walk.bank = journey.bank
        try:
            journey.play(walk)
        except WalkFailed as fault:
            failed.append(journey.name)
            console.print(f"  [bold red]FAILED[/bold red]    {escape(str(fault))}")
        finally:
            walk.close()
    for dead in walk.links.dead:
        failed.append("a dead link")
        console.print(f"[bold red]DEAD LINK[/bold red]  {escape(dead)}")
    seconds = time.perf_counter() - began
    said = (
        f"[bold red]{len(failed)} failed: {', '.join(failed)}[/bold red]"
        if failed
        else "[bold green]all passed[/bold green]"
    )
    left_out = f", {skipped} skipped" if skipped else ""
    done = f"{len(wanted) - skipped} journeys and {len(walk.links.opened)} links"
    console.print(f"{done} in {seconds:.1f} s, {said}{left_out}")
    return failed


def _why_no_certificates(address: Address) -> str:
    missing = "nginx: apt-get install nginx-light libnginx-mod-http-js" if address.scheme == "https" else "--tls"
    return f"browsers can show certificates with --tls and nginx only; missing: {missing}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

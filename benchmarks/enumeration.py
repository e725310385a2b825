"""`python -m benchmarks.enumeration`: does the time of an answer tell who is known?

A demonstration runs on core 0; this asks from core 1, on the same machine, where a difference shows best. Known and
unknown names take turns in pairs, in an order drawn for each pair, each name once before the clock is moved past every
wait. A control compares unknown names with other unknown ones: what it finds is what the method finds in nothing.
"""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

from benchmarks.difference import Difference, difference
from benchmarks.processes import on_core

CORE_OF_SERVER, CORE_OF_DRIVER = 0, 1
PAST_EVERY_WAIT = "PT25H"
READY_SECONDS = 60
FORM = "application/x-www-form-urlencoded"
Times = dict[str, float]
out = Console(width=None if sys.stdout.isatty() else 160)


class Visitor:
    """A browser that was never here, on a connection that is open already; times are in microseconds."""

    def __init__(self, connection: http.client.HTTPConnection, host: str) -> None:
        self.connection, self.host = connection, host
        self.cookies: dict[str, str] = {}
        self.page = self.location = ""

    def ask(self, method: str, path: str, **form: str) -> float:
        """Send a request, read the whole answer; how long that took."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        body = urlencode({"csrf_token": token[1], **form}) if token and method == "POST" else None
        headers = {"host": self.host, "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"content-type": FORM, "origin": f"http://{self.host}"} if body else {}
        began = time.perf_counter_ns()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        self.page = answer.read().decode()
        took = (time.perf_counter_ns() - began) / 1000
        if answer.status not in (200, 303, 422, 429):  # the last one: the tenth try for a name, known or not
            raise RuntimeError(f"{method} {path}: {answer.status}")
        for cookie in answer.headers.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.location = answer.headers.get("location", "")
        return took


def at_bank(visitor: Visitor, number: str) -> Times:
    """The number, the page that it leads to, and a wrong password with wrong characters (P9)."""
    visitor.ask("GET", "/sign-in")
    form = visitor.location
    visitor.ask("GET", form)
    step = {"bank: number": visitor.ask("POST", f"{form}/number", number=number)}
    step["bank: second page"] = visitor.ask("GET", form)
    asked = dict.fromkeys(re.findall(r'name="(characters_\d+)"', visitor.page), "0")
    step["bank: password"] = visitor.ask("POST", f"{form}/password", password="not the password", **asked)
    return step


def at_portal(visitor: Visitor, login: str) -> Times:
    """A wrong password for a login of the portal's own."""
    visitor.ask("GET", "/")
    return {"portal: password": visitor.ask("POST", "/sign-in", login=login, password="not the password")}


def recovering(visitor: Visitor, login: str) -> Times:
    """A forgotten password, the page of its code, and a wrong code."""
    visitor.ask("GET", "/password")
    step = {"recovery: login": visitor.ask("POST", "/password", login=login)}
    form = visitor.location
    step["recovery: code's page"] = visitor.ask("GET", form)
    step["recovery: wrong code"] = visitor.ask("POST", form, do="code", code="000000")
    return step


def recovering_profile(visitor: Visitor, name: str) -> Times:
    """The same at the trusted profile."""
    visitor.ask("GET", "/password")
    step = {"profile recovery: name": visitor.ask("POST", "/password", name=name)}
    form = visitor.location
    step["profile recovery: code's page"] = visitor.ask("GET", form)
    step["profile recovery: wrong code"] = visitor.ask("POST", form, do="code", code="000000")
    return step


WAYS: dict[str, tuple[str, Callable[[Visitor, str], Times]]] = {
    "bank": ("millenet", at_bank),
    "portal": ("pue", at_portal),
    "recovery": ("pue", recovering),
    "profile": ("pz", recovering_profile),
}


@contextmanager
def demonstration(folder: Path) -> Iterator[int]:
    """The demonstration on a free port, on its own core."""
    with http.client.socket.create_server(("127.0.0.1", 0)) as free:  # type: ignore[attr-defined]
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "poreka", "demo", "--port", str(port), "--data", str(folder / "data"), "--fresh"]
    with on_core(CORE_OF_SERVER), (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            asked(port, "GET", "/people.json")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the demonstration did not start")


def asked(port: int, method: str, path: str, document: object = None) -> Any:
    """The JSON that the demonstration's start page answers with."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)
    body = json.dumps(document) if document is not None else None
    connection.request(method, path, body, {"host": f"start.localhost:{port}", "content-type": "application/json"})
    return json.loads(connection.getresponse().read())


def logins_at(port: int, system: str) -> list[str]:
    """The names that are known at a system."""
    people = asked(port, "GET", "/people.json")["people"]
    return [one["login"] for person in people for one in person["accounts"] if one["system"] == system]


def like(name: str, chance: random.Random, taken: set[str]) -> str:
    """A name of the same shape that nobody has."""
    while True:
        made = name[:2] + "".join(chance.choice("0123456789") for _ in name[2:])
        if made not in taken:
            taken.add(made)
            return made


def compare(
    port: int, host: str, play: Callable[[Visitor, str], Times], pairs: Sequence[tuple[str, str]], tries: int
) -> dict[str, list[tuple[float, float]]]:
    """The times of every step for the first and the second name of each pair, again and again."""
    chance, found = random.Random(7), dict[str, list[tuple[float, float]]]()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)
    for turn in range(-1, -(-tries // len(pairs))):  # the first one warms up, and makes every name one that was tried
        for pair in pairs:
            order = chance.sample((0, 1), 2)
            times = {place: play(Visitor(connection, host), pair[place]) for place in order}
            for step in times[0] if turn >= 0 else ():
                found.setdefault(step, []).append((times[0][step], times[1][step]))
        asked(port, "POST", "/clock", {"advance": PAST_EVERY_WAIT})
    return found


def shown(differences: dict[str, tuple[Difference, Difference]]) -> Table:
    """What was found, beside what the control found."""
    columns = (
        "step",
        "pairs",
        "unknown µs",
        "known µs",
        "shift µs",
        "superiority",
        "p",
        "control p",
        "tries",
        "verdict",
    )
    table = Table(*columns)
    for step, (found, control) in differences.items():
        tries = "∞" if found.tries_needed > 1e6 else f"{found.tries_needed:.0f}"
        verdict = "TOLD APART" if found.told and not control.told else "control failed" if control.told else "not told"
        table.add_row(
            step, str(found.pairs), f"{found.first:.0f}", f"{found.second:.0f}", f"{found.shift:+.1f}",
            f"{found.superiority:.3f}", f"{found.probability:.4f}", f"{control.probability:.4f}", tries, verdict,
        )  # fmt: skip
    return table


def measured(
    port: int, ways: Sequence[str], tries: int, chance: random.Random
) -> dict[str, tuple[Difference, Difference]]:
    """Every way by which somebody could ask who is known."""
    result = {}
    for system, play in (one for name, one in WAYS.items() if name in ways):
        known = logins_at(port, system)
        taken, host = set(known), f"{system}.localhost:{port}"
        unknown, these, those = ([like(name, chance, taken) for name in known] for _ in range(3))
        found = compare(port, host, play, list(zip(unknown, known, strict=True)), tries)
        control = compare(port, host, play, list(zip(these, those, strict=True)), tries)
        for step, pairs in found.items():
            result[step] = difference(pairs, chance), difference(control[step], chance)
            out.print(f"{step}: {len(pairs)} pairs")
    return result


def main() -> None:
    """Start, ask, judge, stop."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.enumeration", description=__doc__)
    parser.add_argument("--tries", type=int, default=400, help="pairs of each comparison")
    parser.add_argument("--ways", default=",".join(WAYS), help="comma-separated; default: all")
    asked_for, chance = parser.parse_args(), random.Random(11)
    with tempfile.TemporaryDirectory(prefix="poreka-enumeration-") as folder, demonstration(Path(folder)) as port:
        os.sched_setaffinity(0, {CORE_OF_DRIVER})
        out.print(shown(measured(port, asked_for.ways.split(","), asked_for.tries, chance)))


if __name__ == "__main__":
    main()

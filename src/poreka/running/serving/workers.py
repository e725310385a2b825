"""Worker processes and the parent that keeps them: each is started again when it ends, one after the other.

The parent ends only when it is told to (SIGTERM, SIGINT), and waits then for what its workers still have under way. A
worker that cannot start is tried again after growing pauses (`rules/limits/restarts.py`) while the others serve.
SIGHUP puts a new worker in the place of each, one by one. A worker whose parent has died, however it died, finishes
its work and ends.
"""

import os
import signal
import socket
import time
from dataclasses import dataclass, field

import structlog
import uvicorn
from uvicorn.supervisors.multiprocess import Process

from poreka.rules.limits.restarts import Restarts, after_end
from poreka.running.serving.draining import DrainingServer

log = structlog.get_logger()
LOOK_SECONDS = 0.1
READY_WITHIN = 60.0  # a worker that does not serve by then is ended and tried again
HEALTH_SECONDS = 10.0  # in which a worker answers its parent, or hangs


class Worker(Process):
    """A worker process, in which a thread listens to the parent: when that line breaks, the parent has died."""

    @property
    def server(self) -> uvicorn.Server:
        """In the worker: the server that drains."""
        if self._server is None:
            self._server = DrainingServer(self.config)
        return self._server

    def always_pong(self) -> None:
        """In the worker: answer the parent as long as there is one, then end as if told to."""
        self.parent_conn.close()  # the parent's end of the line: held here too, it would never break
        try:
            super().always_pong()
        except (EOFError, OSError):
            os.kill(os.getpid(), signal.SIGTERM)


@dataclass(slots=True)
class Place:
    """One of the workers that are wanted: the process that fills it, or when it may be filled again."""

    worker: Worker | None = None
    started_at: float = 0.0
    ready: bool = False
    restarts: Restarts = field(default_factory=Restarts)


class Workers:
    """As many worker processes as the configuration says, on one listening socket."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket) -> None:
        self._config, self._listening = config, listening
        self._places = [Place() for _ in range(config.workers)]
        self._told: set[int] = set()

    def run(self) -> None:
        """Keep them until told to end."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: self._told.add(number))
        for place in self._places:  # all at once: a first start was tried before
            self._start(place)
        while not self._told & {signal.SIGTERM, signal.SIGINT}:
            self._keep()
            if signal.SIGHUP in self._told:
                self._told.discard(signal.SIGHUP)
                self._renew()
            time.sleep(LOOK_SECONDS)
        self._end()

    def _start(self, place: Place) -> None:
        place.worker, place.started_at, place.ready = Worker(self._config, [self._listening]), time.monotonic(), False
        place.worker.start()

    def _keep(self) -> None:
        """Notice who has ended or hangs, and start one of them again; the next one once that one serves."""
        for place in self._places:
            if place.worker is not None and not self._goes_on(place, place.worker):
                self._note_end(place, place.worker)
        if any(place.worker is not None and not place.ready for place in self._places):
            return
        waiting = [place for place in self._places if place.worker is None]
        due = min(waiting, key=lambda place: place.restarts.not_before, default=None)
        if due is not None and time.monotonic() >= due.restarts.not_before:
            self._start(due)

    def _goes_on(self, place: Place, worker: Worker) -> bool:
        if not worker.process.is_alive():
            return False
        if place.ready:
            return worker.ping(HEALTH_SECONDS)
        if worker.is_ready(timeout=LOOK_SECONDS):
            self._note_ready(place, worker)
            return True
        return time.monotonic() - place.started_at < READY_WITHIN

    def _note_ready(self, place: Place, worker: Worker) -> None:
        place.ready = True
        log.info("worker serves", pid=worker.pid)

    def _note_end(self, place: Place, worker: Worker) -> None:
        served = place.ready
        worker.kill()
        worker.join()
        place.worker, place.ready = None, False
        place.restarts = after_end(place.restarts, place.started_at, time.monotonic())
        log.error("worker ended" if served else "worker could not start", pid=worker.pid, exit_status=worker.exitcode)

    def _renew(self) -> None:
        """A new worker in the place of each; the old one goes when the new one serves."""
        for place in self._places:
            old, new = place.worker, Worker(self._config, [self._listening])
            new.start()
            if not new.wait_until_ready(READY_WITHIN):
                new.kill()
                new.join()
                log.error("a new worker could not start: the old ones stay")
                return
            place.worker, place.started_at = new, time.monotonic()
            self._note_ready(place, new)
            if old is not None:
                old.terminate()
                old.join()

    def _end(self) -> None:
        """The parent stops listening first: whoever waited in its queue while the workers end would be reset."""
        self._listening.close()
        there = [place.worker for place in self._places if place.worker is not None]
        for worker in there:
            worker.terminate()
        for worker in there:
            worker.join()

"""Kannel beside a test: Debian's SMS gateway, between our HTTP and an SMS centre's SMPP."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.sms_centre import PASSWORD, SYSTEM_ID, SmsCentre

BEARERBOX, SMSBOX = "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
USERNAME, SECRET = "bank", "kannel-secret"
PATIENCE = 30.0
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = {secret}
admin-interface = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = smpp
host = 127.0.0.1
port = {centre}
transceiver-mode = true
smsc-username = {system_id}
smsc-password = {password}
system-type = ""
source-addr-autodetect = true

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = {username}
password = {secret}
concatenation = true
max-messages = 10
"""


@contextmanager
def running_kannel(folder: Path, centre: SmsCentre) -> Iterator[str]:
    """Start it before an SMS centre; the address that takes messages."""
    admin, boxes, send = _free_ports(3)
    file = folder / "kannel.conf"
    file.write_text(
        CONFIGURATION.format(
            admin=admin, boxes=boxes, send=send, centre=centre.port, system_id=SYSTEM_ID, password=PASSWORD,
            username=USERNAME, secret=SECRET,
        )
    )  # fmt: skip
    with (
        (folder / "kannel.log").open("wb") as log,
        subprocess.Popen([BEARERBOX, file], stdout=log, stderr=log) as bearerbox,
    ):
        try:
            _wait_for(boxes, bearerbox)
            with subprocess.Popen([SMSBOX, file], stdout=log, stderr=log) as smsbox:
                try:
                    _wait_for(send, smsbox)
                    centre.wait_for("bound")
                    yield f"http://127.0.0.1:{send}/cgi-bin/sendsms"
                finally:
                    smsbox.kill()
        finally:
            bearerbox.kill()


def _free_ports(number: int) -> list[int]:
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in listening]
    for one in listening:
        one.close()
    return ports


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("Kannel did not start")

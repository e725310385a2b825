"""What worker processes serve: a system of `poreka serve`, or the demonstration of `poreka demo --workers N`.

A worker process calls one of the factories below, which read what to serve from the environment of
the process that started it; that is the only use of the environment.
"""

import os
from pathlib import Path

from poreka.cli.single import Single, build_single
from poreka.demo.federation import Demonstration, build_demonstration
from poreka.demo.presets import Address
from poreka.demo.tls_certificates import trusting
from poreka.running.running import hash_elsewhere
from poreka.running.serving.lifespan import Served
from poreka.running.serving.logs import log_json, log_short
from poreka.settings import read_settings

SETTINGS_FILE = "POREKA_SETTINGS_FILE"
DEMO_FOLDER, DEMO_ADDRESS = "POREKA_DEMO_FOLDER", "POREKA_DEMO_ADDRESS"


def served_system() -> Served:
    """What a worker of `poreka serve` runs."""
    file = Path(os.environ[SETTINGS_FILE])
    log_json()

    async def build() -> Single:
        hash_elsewhere()
        return await build_single(read_settings(file), file.parent)

    return Served(build, read_settings(file).server.notice_seconds)


def served_demonstration() -> Served:
    """What a worker of `poreka demo --workers N` runs."""
    folder, (scheme, port, certificate_port) = Path(os.environ[DEMO_FOLDER]), os.environ[DEMO_ADDRESS].split(":")
    log_short()

    async def build() -> Demonstration:
        address = Address(int(port), scheme, int(certificate_port) if certificate_port else None)
        return await build_demonstration(folder, address, trusting(folder) if scheme == "https" else None)

    return Served(build)

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from poreka.demo.presets import Address
from poreka.demo.server import prepare
from poreka.kinds import DEMO_KEYS
from poreka.running.failed import Failed
from poreka.running.serving.http_server import check_free
from poreka.settings import read_settings
from tests.cli.conftest import Run
from tests.support.server import free_port


def test_a_missing_file_is_told(run: Run, tmp_path: Path) -> None:
    ended = run("serve", tmp_path / "none.toml")
    assert (ended.code, ended.err) == (
        1,
        f"poreka: {tmp_path}/none.toml: cannot be read (No such file or directory)\n",
    )


def test_the_demonstration_is_served_on_loopback_only(run: Run, bank: Path) -> None:
    ended = run("serve", bank, "--listen", "0.0.0.0:8000")
    assert ended.code == 1
    assert "system.demo" in ended.err


def test_an_operator_upgrades_the_database_not_the_server(run: Run, bank: Path) -> None:
    text = (
        bank.read_text("utf-8")
        .replace("demo = true\n", "")
        .replace("http://millenet.localhost:8000", "https://bank.example")
    )
    gateway = 'sender = "gateways"\n[[sms.gateways]]\nkind = "http"\nname = "one"\nurl = "https://sms.example/"'
    bank.write_text(text.replace('sender = "demo_phone"', gateway), "utf-8")
    run("secrets", "new", bank.with_name("millenet.secrets"))
    ended = run("serve", bank, "--listen", f"127.0.0.1:{free_port()}")
    assert ended.code == 1
    assert "poreka db upgrade" in ended.err


def test_a_page_system_of_the_demonstration_is_not_served_alone(run: Run, tmp_path: Path) -> None:
    prepare(tmp_path, Address(8000), fresh=False)
    ended = run("serve", tmp_path / "phone.toml", "--listen", f"127.0.0.1:{free_port()}")
    assert ended.code == 1
    assert "system.kind" in ended.err


def test_a_taken_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Failed, match="choose another port"):
            check_free("127.0.0.1", taken.getsockname()[1])


def test_one_system_answers_for_its_own_host_and_no_other(bank: Path) -> None:
    port = free_port()
    bank.write_text(bank.read_text("utf-8").replace(":8000", f":{port}"), encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("poreka")),
        "serve",
        str(bank),
        "--listen",
        f"127.0.0.1:{port}",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        metadata = _get(port, f"millenet.localhost:{port}", "/.well-known/openid-configuration")
        assert metadata.json()["issuer"] == f"http://millenet.localhost:{port}"
        assert _get(port, "evil.example", "/").status_code == 421
        for path in ("/people.json", "/clock.json", "/messages.json?person=jan"):
            assert _get(port, f"millenet.localhost:{port}", path).status_code == 404
    finally:
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert b"Traceback" not in said


def _get(port: int, host: str, path: str) -> httpx2.Response:
    until = time.monotonic() + 60  # on a machine that does other things, too
    while True:
        try:
            return httpx2.get(f"http://127.0.0.1:{port}{path}", headers={"Host": host}, trust_env=False)
        except httpx2.ConnectError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_the_data_folder_holds_each_systems_settings(tmp_path: Path) -> None:
    prepare(tmp_path, Address(8123), fresh=False)
    origins = {key: read_settings(tmp_path / f"{key}.toml").system.origin for key in DEMO_KEYS}
    assert origins["pue"] == "http://pue.localhost:8123"
    assert oct(tmp_path.stat().st_mode)[-3:] == "700"


def test_fresh_removes_what_a_demonstration_made_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    prepare(folder, Address(8123), fresh=True)
    (folder / "millenet.db").write_bytes(b"")
    prepare(folder, Address(8123), fresh=True)
    assert not (folder / "millenet.db").exists()
    (folder / "thesis.odt").write_bytes(b"")
    with pytest.raises(Failed, match=r"thesis\.odt"):
        prepare(folder, Address(8123), fresh=True)
    assert (folder / "thesis.odt").exists()

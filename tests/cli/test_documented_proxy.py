"""The nginx of docs/operating.md, word for word but for paths and ports, in front of a portal of one's own."""

import re
import ssl
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import httpx2
import tomli_w

from poreka.demo.tls_certificates import certify
from tests.cli.documented_nginx import DOOR, PORTAL, SECRET, block, nginx, running
from tests.support.certificates import JAN, Authority, Issued
from tests.support.server import free_port
from tests.systems.portal.test_certificate_door import publishing


@contextmanager
def portal(folder: Path, port: int, public_port: int) -> Iterator[None]:
    """`poreka serve`, as the documentation sets it up, on loopback."""
    tables = tomllib.loads(resources.files("poreka.presets").joinpath("pue.toml").read_text("utf-8"))
    tables["system"]["origin"] = f"https://{PORTAL}:{public_port}"
    tables["portal"]["providers"] = []
    door = tomllib.loads(block("toml", "[certificates]"))["certificates"]
    tables["server"] = tomllib.loads(block("toml", "trusted_proxies"))["server"]
    tables["certificates"] = door | {"origin": f"https://{DOOR}:{public_port}"}
    (folder / "pue.toml").write_text(tomli_w.dumps(tables), "utf-8")
    command = [str(Path(sys.executable).with_name("poreka")), "serve", str(folder / "pue.toml")]
    with running([*command, "--listen", f"127.0.0.1:{port}"], port):
        yield


def sign_in(folder: Path, public_port: int, shown: Issued | None, lies: dict[str, str]) -> str:
    """From the portal to the door and back, telling lies at both; the path it ends at."""
    context = ssl.create_default_context(cafile=folder / "authority.pem")
    if shown is not None:
        context.load_cert_chain(*shown.in_files(folder, "person"))
    base, cookies = f"https://{PORTAL}:{public_port}", {}

    def call(method: str, url: str, **more: Any) -> httpx2.Response:
        at = httpx2.URL(url)
        headers = {**lies, "host": f"{at.host}:{public_port}", "origin": base}
        if at.host == PORTAL and cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        with closing(
            httpx2.Client(trust_env=False, timeout=20, verify=context)
        ) as client:  # a connection for each name
            here = at.copy_with(host="127.0.0.1")
            answer = client.request(method, here, headers=headers, extensions={"sni_hostname": at.host}, **more)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            cookies[name] = value
        return answer

    token = re.search(r'name="csrf_token" value="([^"]+)"', call("GET", f"{base}/certificate").text)
    assert token is not None
    began = call("POST", f"{base}/certificate", data={"csrf_token": token[1]})
    back = call("GET", began.headers["location"])
    return str(call("GET", back.headers["location"]).headers["location"])


def test_the_documented_proxy_does_what_is_said_of_it(tmp_path: Path) -> None:
    port, public_port = free_port(), free_port()
    certify(tmp_path, (PORTAL, DOOR))
    with publishing() as (address, shelf):
        authority = Authority(now=int(time.time()), place=f"{address}/list.crl")
        good, expired = authority.issue(JAN), authority.issue(JAN, ends=authority.now - 60)
        revoked, stranger = authority.issue(JAN), Authority("Obcy", now=authority.now).issue(JAN)
        shelf["/list.crl"] = authority.list([revoked])
        (tmp_path / "qualified.pem").write_bytes(authority.pem)
        (tmp_path / "proxy.secret").touch(0o600)
        (tmp_path / "proxy.secret").write_text(SECRET + "\n")
        lies = {"client-cert": good.header, "client-cert-chain": good.header, "poreka-proxy-secret": SECRET}
        with portal(tmp_path, port, public_port), nginx(tmp_path, port, public_port):
            for shown, leads_to in (
                (good, "/entry/"),
                (None, "/certificate/refused/missing"),
                (expired, "/certificate/refused/expired"),
                (revoked, "/certificate/refused/revoked"),
                (stranger, "/certificate/refused/untrusted"),
            ):
                for told in ({}, lies):
                    assert sign_in(tmp_path, public_port, shown, told).startswith(leads_to), (leads_to, told.keys())

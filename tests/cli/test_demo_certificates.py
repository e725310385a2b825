"""The demonstration over https with a real nginx in front of the portal's door: TLS, header and lies end to end."""

import re
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509 import load_der_x509_crl, load_pem_x509_certificate

from poreka.demo.certificates import PASSWORD
from poreka.demo.proxy import find_nginx
from tests.support.certificates import JAN, Authority, Issued
from tests.support.server import Demo, assert_log_is_discreet, free_port, start, stop

DOOR = "certificate.pue.localhost"


@pytest.fixture(scope="module")
def door_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, door_port: int) -> Iterator[Demo]:
    """A demonstration with its proxy; `./run setup tests` installs nginx."""
    assert find_nginx() is not None, "nginx or its JavaScript module is missing: ./run setup tests"
    folder = tmp_path_factory.mktemp("demo")
    running = start(folder, "--tls", "--certificate-port", str(door_port))
    try:
        yield running
    finally:
        stop(running)
    assert_log_is_discreet(running, set())


class Person:
    """Someone's client over TLS, perhaps with a certificate; cookies of each host, redirects by hand."""

    def __init__(self, demo: Demo, door_port: int, pem: Path | None = None) -> None:
        assert demo.authority is not None
        context = ssl.create_default_context(cafile=demo.authority)
        if pem is not None:
            context.load_cert_chain(pem)
        self.demo, self.door = demo, f"https://{DOOR}:{door_port}"
        self.client = httpx2.Client(trust_env=False, timeout=20, verify=context)
        self.cookies: dict[str, str] = {}

    def call(self, method: str, url: str, headers: dict[str, str] | None = None, **more: object) -> httpx2.Response:
        host = httpx2.URL(url).netloc.decode()
        sent = {"host": host, "accept-language": "pl", **(headers or {})}
        if host.startswith("pue.") and self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.request(
            method, httpx2.URL(url).copy_with(host="127.0.0.1"), headers=sent,
            extensions={"sni_hostname": httpx2.URL(url).host}, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def begin(self) -> str:
        page = self.call("GET", self.demo.url("pue", "/certificate"))
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        origin = {"origin": self.demo.origin("pue")}
        answer = self.call("POST", self.demo.url("pue", "/certificate"), origin, data={"csrf_token": token[1]})
        assert answer.headers["location"].startswith(f"{self.door}/certificate/")
        return str(answer.headers["location"])

    def sign_in(self, headers: dict[str, str] | None = None) -> str:
        """The whole way; the path it leads to."""
        back = self.call("GET", self.begin(), headers).headers["location"]
        assert back.startswith(self.demo.url("pue", "/certificate/"))
        answer = self.call("GET", back)
        return str(answer.headers["location"])


Come = Callable[..., Person]


@pytest.fixture
def come(demo: Demo, door_port: int) -> Iterator[Come]:
    """People who come to the portal, perhaps with a certificate."""
    here: list[Person] = []

    def one(pem: Path | None = None) -> Person:
        here.append(Person(demo, door_port, pem))
        return here[-1]

    yield one
    for person in here:
        person.client.close()


def pem_of(demo: Demo, person: str, folder: Path) -> Path:
    """What somebody downloads from the first page, as a TLS client wants it."""
    assert demo.authority is not None
    with httpx2.Client(verify=ssl.create_default_context(cafile=demo.authority), trust_env=False) as client:
        address = f"https://127.0.0.1:{demo.port}/certificates/{person}.p12"
        answer = client.get(address, headers={"host": f"start.localhost:{demo.port}"})
    assert answer.headers["content-type"] == "application/x-pkcs12"
    key, certificate, _ = pkcs12.load_key_and_certificates(answer.content, PASSWORD.encode())
    assert key is not None
    assert certificate is not None
    file = folder / f"{person}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return file


@pytest.mark.parametrize(
    ("person", "leads_to"),
    [("jan", "/entry/"), ("zofia", "/certificate/refused/expired"), ("barbara", "/certificate/refused/revoked")],
)
def test_a_certificate_over_real_tls(demo: Demo, come: Come, tmp_path: Path, person: str, leads_to: str) -> None:
    assert come(pem_of(demo, person, tmp_path)).sign_in().startswith(leads_to)


def test_no_certificate_and_one_of_a_stranger(demo: Demo, come: Come, tmp_path: Path) -> None:
    assert come().sign_in() == "/certificate/refused/missing"
    stranger = Authority(now=int(time.time())).issue(JAN)
    file = tmp_path / "stranger.pem"
    file.write_bytes(stranger.key_pem + stranger.pem)
    assert come(file).sign_in() == "/certificate/refused/untrusted"


def test_the_proxy_overwrites_what_a_client_says_of_itself(demo: Demo, come: Come, tmp_path: Path) -> None:
    pem = pem_of(demo, "jan", tmp_path).read_bytes()
    stolen = load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERT") :])  # anyone may have it: it is no secret
    header = Issued(stolen, Authority().key).header
    lies = {"client-cert": header, "Client_Cert": header, "client-cert-chain": header, "poreka-proxy-secret": "x"}
    assert come().sign_in(lies) == "/certificate/refused/missing"
    zofia = come(pem_of(demo, "zofia", tmp_path))
    assert zofia.sign_in(lies) == "/certificate/refused/expired"


def test_past_the_proxy_the_header_counts_for_nothing(demo: Demo, come: Come, tmp_path: Path) -> None:
    """Straight to the portal's own port, with the door's name in Host."""
    pem = pem_of(demo, "jan", tmp_path).read_bytes()
    header = Issued(load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERT") :]), Authority().key).header
    person = come()
    path = person.begin().removeprefix(person.door)
    for lie in ({}, {"poreka-proxy-secret": "guessed"}):
        forged = {"host": person.door.removeprefix("https://"), "client-cert": header, **lie}
        answer = person.call("GET", demo.url("pue", path), forged)
        assert person.call("GET", answer.headers["location"]).headers["location"] == "/certificate/refused/missing"
        path = person.begin().removeprefix(person.door)


def test_an_oversized_head_is_refused_by_the_proxy(demo: Demo, come: Come) -> None:
    person = come()
    assert person.call("GET", f"{person.door}/", {"client-cert": "x" * 40_000}).status_code == 400


def test_the_list_of_revoked_certificates_is_there(demo: Demo) -> None:
    assert demo.authority is not None
    with httpx2.Client(verify=ssl.create_default_context(cafile=demo.authority), trust_env=False) as client:
        address, host = f"https://127.0.0.1:{demo.port}/certificates/", {"host": f"start.localhost:{demo.port}"}
        answer = client.get(f"{address}authority.crl", headers=host)
        assert answer.headers["content-type"] == "application/pkix-crl"
        assert len(list(load_der_x509_crl(answer.content))) == 1
        assert client.get(f"{address}nobody.p12", headers=host).status_code == 404


def test_the_proxy_ends_with_the_demonstration(tmp_path: Path) -> None:
    port = free_port()
    running = start(tmp_path, "--tls", "--certificate-port", str(port))
    conf = str(tmp_path / "data" / "nginx" / "nginx.conf")
    assert conf in _commands()
    stop(running)
    assert conf not in _commands()


def _commands() -> str:
    return subprocess.run(["ps", "-eo", "args", "-ww"], capture_output=True, text=True, check=True).stdout

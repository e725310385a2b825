"""What runs on Java, as it comes: Spring Boot, and Keycloak on either side, each from the files of its page.

They are run where `POREKA_TEST_JAVA=1` asks for it, for they take minutes: Maven builds the application of the page
and brings Keycloak's distribution (`org.keycloak:keycloak-quarkus-dist`).
"""

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.interop.at_the_bank import consent_with_code, sign_in
from tests.interop.documented import Example, files_of
from tests.interop.peers import free_port, started, wait_for_port
from tests.interop.test_our_relying_party import portal
from tests.support.server import Demo
from tests.support.visit import Visitor

pytestmark = [
    pytest.mark.interop,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        os.environ.get("POREKA_TEST_JAVA") != "1" or not (shutil.which("java") and shutil.which("mvn")),
        reason="Java is not asked for (POREKA_TEST_JAVA=1), or not installed with Maven",
    ),
]
KEYCLOAK = "26.7.3"
SECONDS = 400.0
HALINA = {"given_name": "Halina", "family_name": "Żurawowska-Źrebłowiec", "pesel": "43101058965"}
PASSWORD, OTP_SECRET = "brzozowy-zagajnik-1", "szumiacemorze1234567"


@pytest.fixture(autouse=True)
def _not_our_pages(visitor: Visitor) -> None:
    visitor.foreign |= {"127.0.0.1", "keycloak.localhost"}


@pytest.fixture
def example(demo: Demo, tmp_path: Path) -> Callable[[str], Example]:
    return lambda page: Example(demo, page, tmp_path)


@pytest.fixture(scope="module")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keycloak, unpacked."""
    folder = tmp_path_factory.mktemp("keycloak")
    artefact = f"org.keycloak:keycloak-quarkus-dist:{KEYCLOAK}:zip"
    fetch = ["mvn", "-B", "-q", "dependency:copy", f"-Dartifact={artefact}", f"-DoutputDirectory={folder}"]
    subprocess.run(fetch, check=True, timeout=SECONDS, cwd=folder)
    with zipfile.ZipFile(folder / f"keycloak-quarkus-dist-{KEYCLOAK}.zip") as packed:
        packed.extractall(folder)
    unpacked = folder / f"keycloak-{KEYCLOAK}"
    (unpacked / "bin" / "kc.sh").chmod(0o755)
    return unpacked


def hosts(folder: Path) -> str:
    """Java asks the resolver about `*.localhost`: an option that names a hosts file."""
    names = ("localhost", "millenet.localhost", "pue.localhost", "keycloak.localhost")
    file = folder / "hosts"
    file.write_text("".join(f"127.0.0.1 {name}\n" for name in names))
    return f"-Djdk.net.hosts.file={file}"


@contextmanager
def keycloak(distribution: Path, folder: Path, realm: Path, port: int, host: str, **environment: str) -> Iterator[None]:
    """A Keycloak of one realm, in development mode, with data of its own."""
    home = shutil.copytree(distribution, folder / "keycloak")
    (home / "data" / "import").mkdir(parents=True)
    shutil.copy(realm, home / "data" / "import")
    options = {"JAVA_OPTS_APPEND": hosts(folder), "JAVA_OPTS_KC_HEAP": "-Xmx600m"}
    command = [home / "bin" / "kc.sh", "start-dev", "--http-host", "127.0.0.1", "--http-port", str(port)]
    command += ["--hostname", f"http://{host}:{port}", "--import-realm"]
    with started(command, folder / "keycloak.log", env={**os.environ, **options, **environment}) as spoken:
        spoken.until("Listening on", SECONDS)
        yield


@contextmanager
def spring_boot(page: Example) -> Iterator[None]:
    """The page's application, built and started."""
    log = page.folder / "application.log"
    subprocess.run(["mvn", "-B", "-q", "package"], cwd=page.folder, check=True, timeout=SECONDS)
    command = ["java", "-Xmx300m", hosts(page.folder), "-jar", "target/library-1.jar"]
    with started(command, log, env={**os.environ, "CLIENT_SECRET": page.secret}, folder=page.folder):
        wait_for_port(page.port, log, SECONDS)
        yield


def test_spring_boot(demo: Demo, visitor: Visitor, example: Callable[[str], Example]) -> None:
    page, person = example("spring-boot.md"), demo.person("helena")
    with spring_boot(page):
        shown = consent_with_code(demo, sign_in(visitor.open(f"{page.origin}/"), person), "helena")
    assert shown.response.text == f"Signed in: {person['first_name']} {person['last_name']}"


def test_spring_boot_without_beans_is_served_where_it_is_registered_so(
    demo: Demo, visitor: Visitor, example: Callable[[str], Example]
) -> None:
    """What the page says at its end: YAML alone, no PKCE, RS256."""
    page, person = example("spring-boot.md"), demo.person("stanislaw")
    source = page.folder / "src" / "main" / "java" / "library" / "Library.java"
    source.write_text(source.read_text().partition("    @Bean")[0] + "}\n")
    page.register_again(demo, require_pkce=False, id_token_signed_response_alg="RS256")
    with spring_boot(page):
        shown = consent_with_code(demo, sign_in(visitor.open(f"{page.origin}/"), person), "stanislaw")
    assert shown.response.text == f"Signed in: {person['first_name']} {person['last_name']}"


def test_keycloak_as_a_broker(
    demo: Demo, visitor: Visitor, example: Callable[[str], Example], distribution: Path
) -> None:
    page, person = example("keycloak.md"), demo.person("helena")
    realm = page.folder / "data" / "import" / "library.json"
    realm.write_text(realm.read_text().replace("${CLIENT_SECRET}", page.secret))
    with keycloak(distribution, page.folder, realm, page.port, "127.0.0.1"):
        ours = f"{page.origin}/realms/library"
        asked = (
            f"{ours}/protocol/openid-connect/auth?client_id=account-console&response_type=code&scope=openid"
            f"&redirect_uri={ours}/account/&code_challenge={'a' * 43}&code_challenge_method=S256"
        )
        back = consent_with_code(demo, sign_in(visitor.open(f"{asked}&kc_idp_hint=bank"), person), "helena")
        assert back.url.startswith(f"{ours}/account/?"), back.response.text[:3000]
        assert "code=" in back.url
        assert "code=" in visitor.open(f"{asked}&prompt=none").url

        visitor.open(demo.url("millenet")).submit("Wyloguj")  # the bank tells Keycloak, which ends its session
        assert any(_is_out(visitor, asked) for _ in range(60))


def _is_out(visitor: Visitor, asked: str) -> bool:
    """Asked once a second: Keycloak may keep a session that is used in the very moment of its end."""
    time.sleep(1)
    return "error=login_required" in visitor.open(f"{asked}&prompt=none").url


def test_keycloak_as_the_portals_provider(visitor: Visitor, distribution: Path, tmp_path: Path) -> None:
    """`docs/connect-a-provider.md`: asked for low at first, and for substantial, as it is a first entry."""
    port, origin = free_port(), f"http://pue.localhost:{free_port()}"
    blocks = files_of("../connect-a-provider.md")
    realm = json.loads(blocks["data/import/citizens.json"].replace("http://pue.localhost:8000", origin))
    realm["users"] = [_halina()]
    file = tmp_path / "citizens.json"
    file.write_text(json.dumps(realm))
    provider = blocks["provider.toml"].replace("8180", str(port))
    with (
        keycloak(distribution, tmp_path, file, port, "keycloak.localhost"),
        portal(tmp_path, origin, tomllib.loads(provider)["portal"]["providers"]),
    ):
        page = visitor.open(f"{origin}/banks").submit("Keycloak")
        page = page.submit(username="halina", password=PASSWORD)
        page = page.submit(otp=_code(int(time.time())))
        assert page.url.startswith(f"{origin}/entry/"), page.response.text[:3000]
        assert HALINA["family_name"] in page.text


def _halina() -> dict[str, object]:
    otp = {
        "type": "otp",
        "secretData": json.dumps({"value": OTP_SECRET}),
        "credentialData": json.dumps(
            {"subType": "totp", "digits": 6, "period": 30, "algorithm": "HmacSHA1", "counter": 0}
        ),
    }
    return {
        "username": "halina",
        "enabled": True,
        "firstName": HALINA["given_name"],
        "lastName": HALINA["family_name"],
        "email": "halina@example.org",
        "emailVerified": True,
        "attributes": {"pesel": [HALINA["pesel"]]},
        "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}, otp],
    }


def _code(now: int) -> str:
    """RFC 6238 with its usual choices."""
    digest = hmac.digest(OTP_SECRET.encode(), (now // 30).to_bytes(8), hashlib.sha1)
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"

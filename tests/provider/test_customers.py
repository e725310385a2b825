"""How a bank's settings become a customer directory: who is trusted, who we show ourselves as, what is checked."""

import datetime
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from poreka.demo.tls_certificates import Certified, certify
from poreka.outgoing.back_channel import Reach
from poreka.provider.customers.open import check_directory, open_over_http
from poreka.provider.settings.customers import Customers
from poreka.provider.store.customer_directory import DirectoryUnavailable
from poreka.store.database import DatabaseUnavailable
from poreka.web.settings.every_kind import CommonSettings, SettingsError
from tests.provider.store.test_customer_directories import COLUMNS, their_database
from tests.support.in_process import bank_settings

REACH = Reach(localhost_names=True)


def with_customers(**customers: object) -> CommonSettings:
    settings = msgspec.convert({"source": "http", **customers}, Customers)
    return msgspec.structs.replace(bank_settings("sqlite:bank.db"), customers=settings)


class Asks(BaseHTTPRequestHandler):
    """Answers 404 to whoever got so far."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the standard library's)
        """Say nothing."""


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A handshake that fails is what a test wants."""


def self_signed(folder: Path, name: str) -> dict[str, str]:
    """A certificate for a client, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    validity = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    (folder / f"{name}.pem").write_bytes(validity.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    hidden = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").touch(mode=0o600)
    (folder / f"{name}.key").write_bytes(hidden)
    return {"certificate": f"{name}.pem", "certificate_key": f"{name}.key"}


@contextmanager
def asking_for_a_certificate(made: Certified, known: Path) -> Iterator[int]:
    """A server that talks only to whoever shows this certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=known)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(made.certificate, made.key)
    server = Quiet(("127.0.0.1", 0), Asks)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def test_a_directory_behind_mutual_tls_knows_us_by_our_certificate(tmp_path: Path) -> None:
    made = certify(tmp_path, ["localhost"])
    ours, strange = self_signed(tmp_path, "bank"), self_signed(tmp_path, "stranger")
    trusted = {"authorities": made.authority.name}
    with asking_for_a_certificate(made, tmp_path / "bank.pem") as port:
        for shown, welcome in (
            ({**ours, **trusted}, True),
            (trusted, False),
            (ours, False),
            (strange | trusted, False),
        ):
            settings = with_customers(url=f"https://localhost:{port}/v1", **shown).customers
            directory = open_over_http(settings, tmp_path, REACH)
            if welcome:
                assert await directory.by_id("anna") is None
            else:
                with pytest.raises(DirectoryUnavailable):
                    await directory.by_id("anna")
            await directory.close()


@pytest.mark.parametrize(
    ("customers", "said"),
    [
        ({"token_file": "gone.token"}, "password file cannot be read"),
        ({"token_file": "open.token"}, "chmod 600"),
        ({"authorities": "gone.pem"}, "customers.authorities"),
        ({"authorities": "open.token"}, "customers.authorities"),
        ({"certificate": "gone.pem"}, "customers.certificate"),
        ({"certificate": "open.token"}, "chmod 600"),
    ],
)
async def test_what_cannot_be_read_is_named_before_anything_starts(
    tmp_path: Path, customers: dict[str, str], said: str
) -> None:
    file = tmp_path / "open.token"
    file.write_text("x\n")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match=said):
        await check_directory(with_customers(url="https://localhost/v1", **customers), tmp_path)


async def test_a_view_is_looked_at_before_anything_starts(tmp_path: Path) -> None:
    await their_database(str(tmp_path / "crm.db"))
    view = {"source": "view", "database": "sqlite:crm.db", "view": "shown"}
    await check_directory(with_customers(**view, columns=COLUMNS), tmp_path)
    with pytest.raises(SettingsError, match=r"customers\.columns\.id: shown has no column Id"):
        await check_directory(with_customers(**view, columns=COLUMNS | {"id": "Id"}), tmp_path)
    with pytest.raises(DatabaseUnavailable):
        await check_directory(with_customers(**view | {"database": "sqlite:gone.db"}, columns=COLUMNS), tmp_path)
    assert not (tmp_path / "gone.db").exists()


async def test_customers_in_our_own_tables_need_no_look(tmp_path: Path) -> None:
    await check_directory(bank_settings("sqlite:bank.db"), tmp_path)

"""Clients that prove themselves by a TLS certificate, which the proxy in front tells of (RFC 8705, RFC 9440)."""

import base64
import datetime
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from poreka.web.door.peer_certificate import MutualTls, TlsProxy
from tests.support.in_process import BankInProcess
from tests.support.relying_client import FapiClient

MTLS = "https://mtls.bank.example"
HOST = ("host", "mtls.bank.example")
SECRET = "the proxy's own secret"
PROXY = ("poreka-proxy-secret", SECRET)


class Issuer:
    """A certificate authority of our own, or a client that signs for itself."""

    def __init__(self, name: str, issuer: "Issuer | None" = None) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        signer = issuer or self
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(signer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        )
        if issuer is not None:
            authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
            names = x509.SubjectAlternativeName([x509.DNSName("client.example")])
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
            builder = builder.add_extension(authority, False).add_extension(names, False).add_extension(usage, False)
        else:
            usage_of_ca = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage_of_ca, critical=True)
        self.certificate = builder.sign(signer.key, hashes.SHA256())

    @property
    def header(self) -> tuple[str, str]:
        der = self.certificate.public_bytes(Encoding.DER)
        return ("client-cert", f":{base64.b64encode(der).decode()}:")

    @property
    def thumbprint(self) -> str:
        return base64.urlsafe_b64encode(self.certificate.fingerprint(hashes.SHA256())).rstrip(b"=").decode()


AUTHORITY = Issuer("Urząd certyfikacji")
STRANGER = Issuer("Inny urząd")
CLIENT = Issuer("portal", AUTHORITY)


def with_mutual_tls(bank: BankInProcess) -> None:
    """As the settings would: the system is frozen, so a test goes around it."""
    object.__setattr__(bank.bank, "mutual_tls", MutualTls(TlsProxy(MTLS, SECRET), (AUTHORITY.certificate,)))


async def push(client: FapiClient, *headers: tuple[str, str]) -> httpx2.Response:
    return await client.site.call("POST", "/par", form=client.parameters(), headers=headers)


async def facts_by_certificate(bank: BankInProcess, certificate: Issuer, at: Issuer) -> httpx2.Response:
    """The whole way with one certificate, UserInfo with another."""
    browser, client = await bank.returning(), bank.fapi()
    pushed = await push(client, HOST, PROXY, certificate.header)
    assert pushed.status_code == 201, pushed.text
    code = (await browser.open(client.authorize_path(pushed.json()["request_uri"]))).answer["code"]
    form = {**client.exchange(code), "client_id": client.client_id}
    tokens = (await client.site.call("POST", "/token", form=form, headers=[HOST, PROXY, certificate.header])).json()
    assert tokens["token_type"] == "Bearer"
    bearer = ("authorization", f"Bearer {tokens['access_token']}")
    return await client.site.call("GET", "/userinfo", headers=[HOST, PROXY, at.header, bearer])


@pytest.mark.parametrize(
    ("method", "registered"),
    [
        ("self_signed_tls_client_auth", {"tls_thumbprints": (CLIENT.thumbprint,)}),
        ("tls_client_auth", {"tls_subject": "CN=portal"}),
    ],
)
async def test_tokens_are_bound_to_the_certificate(
    bank: BankInProcess, method: str, registered: dict[str, Any]
) -> None:
    with_mutual_tls(bank)
    await bank.change_client("sandbox-fapi", token_endpoint_auth_method=method, dpop_required=False, **registered)
    assert (await facts_by_certificate(bank, CLIENT, CLIENT)).status_code == 200


async def test_a_token_brought_by_another_certificate_is_refused(bank: BankInProcess) -> None:
    with_mutual_tls(bank)
    changes = {"token_endpoint_auth_method": "tls_client_auth", "tls_subject": "CN=portal", "dpop_required": False}
    await bank.change_client("sandbox-fapi", **changes)
    answer = await facts_by_certificate(bank, CLIENT, Issuer("portal", AUTHORITY))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([CLIENT.header], id="on the ordinary origin the header is anybody's"),
        pytest.param([HOST, PROXY], id="no certificate"),
        pytest.param([HOST, CLIENT.header], id="not through the proxy"),
        pytest.param([HOST, ("poreka-proxy-secret", "guessed"), CLIENT.header], id="another secret"),
        pytest.param([HOST, PROXY, PROXY, CLIENT.header], id="the secret twice"),
        pytest.param([HOST, PROXY, Issuer("portal", STRANGER).header], id="issued by a stranger"),
        pytest.param([HOST, PROXY, Issuer("portal").header], id="signed by itself"),
        pytest.param([HOST, PROXY, Issuer("other", AUTHORITY).header], id="another subject"),
        pytest.param([HOST, PROXY, CLIENT.header, CLIENT.header], id="twice"),
        pytest.param([HOST, PROXY, ("client-cert", ":AAAA:")], id="not a certificate"),
        pytest.param([HOST, PROXY, ("client-cert", CLIENT.header[1].strip(":"))], id="not a structured field"),
        pytest.param([HOST, PROXY, ("client-cert", f":{'A' * 20_000}:")], id="oversized"),
    ],
)
async def test_what_is_no_proof(bank: BankInProcess, headers: list[tuple[str, str]]) -> None:
    with_mutual_tls(bank)
    await bank.change_client("sandbox-fapi", token_endpoint_auth_method="tls_client_auth", tls_subject="CN=portal")
    assert (await push(bank.fapi(), *headers)).status_code in (400, 401)


async def test_without_mutual_tls_set_up_no_certificate_is_believed(bank: BankInProcess) -> None:
    await bank.change_client("sandbox-fapi", token_endpoint_auth_method="tls_client_auth", tls_subject="CN=portal")
    assert (await push(bank.fapi(), HOST, CLIENT.header)).status_code == 401


async def test_discovery_names_the_aliases_only_where_there_are_some(bank: BankInProcess) -> None:
    where = "/.well-known/openid-configuration"
    assert "mtls_endpoint_aliases" not in (await bank.site.call("GET", where)).json()
    with_mutual_tls(bank)
    document = (await bank.site.call("GET", where)).json()
    assert document["mtls_endpoint_aliases"]["token_endpoint"] == f"{MTLS}/token"
    assert document["tls_client_certificate_bound_access_tokens"] is True
    assert "tls_client_auth" in document["token_endpoint_auth_methods_supported"]


@pytest.mark.parametrize("dpop", [False, True], ids=["bound to the certificate", "bound to a DPoP key"])
async def test_rfc_8705_3_a_certificate_binds_tokens_whatever_the_client_authentication(
    bank: BankInProcess, dpop: bool
) -> None:
    """`private_key_jwt` at the origin of mutual TLS: the happy flow, and ensure-holder-of-key-required."""
    with_mutual_tls(bank)
    await bank.change_client("sandbox-fapi", dpop_required=dpop)
    browser, client = await bank.returning(), bank.fapi()
    shown = [HOST, PROXY, CLIENT.header]
    code = await client.code(browser)
    form = {**client.exchange(code), **client.proven()}
    proof = [("dpop", client.proof("POST", "", htu=f"{MTLS}/token"))] if dpop else []
    answer = await client.site.call("POST", "/token", form=form, headers=[*shown, *proof])
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    assert tokens["token_type"] == ("DPoP" if dpop else "Bearer")
    scheme = ("authorization", f"{tokens['token_type']} {tokens['access_token']}")

    def proven(where: str) -> list[tuple[str, str]]:
        return [("dpop", client.proof("GET", "", tokens["access_token"], htu=f"{where}/userinfo"))] if dpop else []

    asked = await client.site.call("GET", "/userinfo", headers=[scheme, *shown, *proven(MTLS)])
    assert asked.status_code == 200
    other = [HOST, PROXY, Issuer("portal", AUTHORITY).header] if not dpop else shown
    wrong = await client.site.call("GET", "/userinfo", headers=[scheme, *other, *proven(client.issuer)])
    assert wrong.status_code == 401


async def test_without_a_certificate_or_a_proof_there_are_no_tokens(bank: BankInProcess) -> None:
    with_mutual_tls(bank)
    await bank.change_client("sandbox-fapi", dpop_required=False)
    client = bank.fapi()
    answer = await client.redeem(await client.code(await bank.returning()), proof="")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("path", ["/par", "/token"])
async def test_rfc_9449_4_3_a_proof_is_for_the_address_that_was_called(bank: BankInProcess, path: str) -> None:
    with_mutual_tls(bank)
    client = bank.fapi()
    for called, signed_for, good in ((MTLS, MTLS, True), (MTLS, client.issuer, False), (client.issuer, MTLS, False)):
        at = [HOST, PROXY] if called == MTLS else []
        proof = ("dpop", client.proof("POST", "", htu=signed_for + path))
        form = {**client.parameters(), "grant_type": "authorization_code", "code": "x", **client.proven()}
        answer = await client.site.call("POST", path, form=form, headers=[*at, proof])
        assert (answer.json().get("error") != "invalid_dpop_proof") is good, (called, signed_for, answer.text)

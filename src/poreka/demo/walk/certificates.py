"""Signing in with a qualified certificate, as a browser that has one does it (Z1, Z5).

Needs `--tls`, and nginx on this machine: without them the journey is skipped, and the walk says so.
"""

import ssl
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from poreka.demo.certificates import PASSWORD
from poreka.demo.walk import ways
from poreka.demo.walk.visitor import Page, Visitor, WalkFailed
from poreka.demo.walk.walk import PORTAL, Walk, expect

DOOR = "/certificate"


def certificate(walk: Walk) -> None:
    """A qualified certificate opens the account that the bank opens; an expired or revoked one does not (Z1)."""
    person = walk.person("jan")
    with walk.step("portal: no certificate chosen, told plainly"):
        _knock(walk, walk.visitor()).at(PORTAL, "/certificate/refused/missing")
    with walk.step("portal: an expired certificate"):
        _knock(walk, _holding(walk, "zofia")).at(PORTAL, "/certificate/refused/expired")
    with walk.step("portal: a revoked certificate"):
        _knock(walk, _holding(walk, "barbara")).at(PORTAL, "/certificate/refused/revoked")
    with walk.step("portal: a good one, form and panel"):
        visitor = _holding(walk, "jan")
        page = _knock(walk, visitor)
        page = ways.fill_form(page, person) if page.form(ways.FORM) else page
        page.at(PORTAL, ways.PANEL)
        expect(person.last_name in page.words, "the panel does not say who is signed in", page)
    with walk.step("signed out, and in again: no form"):
        page.submit("/sign-out")
        _knock(walk, visitor).at(PORTAL, ways.PANEL)
    with walk.step("another browser, through the bank: the same account, no form"):
        asked = ways.enter(walk, walk.visitor(), person)
        expect("form" not in asked.what, "the bank's door led to another account", asked.page)
    with walk.step("portal: data that differ from the profile are refused"):
        _knock(walk, _holding(walk, "maria")).at(PORTAL, ways.ENTRY, status=403)


def _knock(walk: Walk, visitor: Visitor) -> Page:
    """From the portal's sign-in page to wherever the certificate leads."""
    return visitor.open(walk.url(PORTAL)).follow(DOOR).submit(DOOR)


def _holding(walk: Walk, person: str) -> Visitor:
    """A browser into which a person's certificate was imported from the first page."""
    answer = walk.visitor().send("GET", walk.url("start", f"/certificates/{person}.p12"), {}, b"")
    key, certificate, _ = pkcs12.load_key_and_certificates(answer.content, PASSWORD.encode())
    if key is None or certificate is None:
        raise WalkFailed(f"the file of {person} holds no certificate")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return walk.visitor(_context(walk, pem + certificate.public_bytes(Encoding.PEM)))


def _context(walk: Walk, pem: bytes) -> ssl.SSLContext:
    """TLS as the walk speaks it, with a certificate to show; the library reads it from a file only."""
    context = ssl.create_default_context(cadata=b"".join(walk.tls.get_ca_certs(binary_form=True)) if walk.tls else None)
    with tempfile.TemporaryDirectory(prefix="poreka-") as folder:
        file = Path(folder) / "certificate.pem"
        file.touch(mode=0o600)
        file.write_bytes(pem)
        context.load_cert_chain(file)
    return context

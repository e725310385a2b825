import datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.x509 import load_der_x509_crl

from poreka.systems.portal.rules.revocation_list import Revocation, places_of, revocation_of
from tests.support.certificates import DAY, JAN, NOW, Authority, usage

AUTHORITY = Authority("Urząd")
NAMESAKE = Authority("Urząd")
OTHER = Authority("Inny urząd")
SHOWN = AUTHORITY.issue(JAN)
ANOTHER = AUTHORITY.issue(JAN)
EARLIER, LATER = datetime.datetime(2020, 1, 1), datetime.datetime(2030, 1, 1)  # noqa: DTZ001
BELOW = Authority("Niżej", AUTHORITY)


def said(der: bytes, *, now: int = NOW, issuer: Authority = AUTHORITY, shown: Any = SHOWN) -> Revocation:
    return revocation_of(shown.certificate, issuer.certificate, load_der_x509_crl(der), now)


def part(**changes: Any) -> x509.IssuingDistributionPoint:
    given = {
        "full_name": None, "relative_name": None, "only_contains_user_certs": False, "only_contains_ca_certs": False,
        "only_some_reasons": None, "indirect_crl": False, "only_contains_attribute_certs": False, **changes,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**given)


def at(*places: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(place) for place in places]


def test_the_times_of_a_list_count_but_for_a_minute_by_which_clocks_may_differ() -> None:
    assert said(AUTHORITY.list(issued=NOW + 60)) is Revocation.GOOD
    assert said(AUTHORITY.list(until=NOW - 59)) is Revocation.GOOD


def test_listed_or_not() -> None:
    assert said(AUTHORITY.list()) is Revocation.GOOD
    assert said(AUTHORITY.list([ANOTHER])) is Revocation.GOOD
    assert said(AUTHORITY.list([ANOTHER, SHOWN])) is Revocation.REVOKED


@pytest.mark.parametrize(
    ("der", "now"),
    [
        pytest.param(AUTHORITY.list(until=NOW - 60), NOW, id="the next one is due"),
        pytest.param(AUTHORITY.list(), NOW + 2 * DAY, id="stale"),
        pytest.param(AUTHORITY.list(issued=NOW + 61), NOW, id="of the future"),
        pytest.param(AUTHORITY.list(signer=OTHER), NOW, id="signed by somebody else"),
        pytest.param(NAMESAKE.list(), NOW, id="of a namesake"),
        pytest.param(OTHER.list(), NOW, id="of another authority"),
    ],
)
def test_a_list_that_cannot_be_used(der: bytes, now: int) -> None:
    assert said(der, now=now) is Revocation.NOT_KNOWN


@pytest.mark.parametrize("uses", [("key_cert_sign",), None])
def test_an_authority_that_may_sign_no_lists(uses: tuple[str, ...] | None) -> None:
    authority = Authority("Bez list", uses=uses)
    assert said(authority.list(), issuer=authority, shown=authority.issue(JAN)) is Revocation.NOT_KNOWN


def test_an_authority_whose_key_signs_nothing() -> None:
    key = x25519.X25519PrivateKey.generate()
    builder = x509.CertificateBuilder().subject_name(AUTHORITY.subject).issuer_name(AUTHORITY.subject)
    builder = builder.public_key(key.public_key()).serial_number(1).add_extension(usage("crl_sign"), critical=True)
    certificate = builder.not_valid_before(EARLIER).not_valid_after(LATER).sign(AUTHORITY.key, hashes.SHA256())
    found = load_der_x509_crl(AUTHORITY.list())
    assert revocation_of(SHOWN.certificate, certificate, found, NOW) is Revocation.NOT_KNOWN


def test_a_certificate_that_does_not_say_whether_it_is_an_authoritys() -> None:
    people = AUTHORITY.list(extension=part(only_contains_user_certs=True))
    assert said(people, shown=AUTHORITY.issue(JAN, ca=None)) is Revocation.GOOD


@pytest.mark.parametrize(
    "extension",
    [
        x509.DeltaCRLIndicator(1),
        part(indirect_crl=True),
        part(only_contains_ca_certs=True),
        part(only_contains_attribute_certs=True),
        part(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})),
        part(full_name=at("http://crl.example/another-part.crl")),
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"),
    ],
)
def test_rare_lists_are_refused_rather_than_understood(extension: x509.ExtensionType) -> None:
    assert said(AUTHORITY.list(extension=extension)) is Revocation.NOT_KNOWN


@pytest.mark.parametrize(
    "extension",
    [
        part(only_contains_user_certs=True),
        part(full_name=at("http://elsewhere.example/", AUTHORITY.place)),
        x509.CRLNumber(7),
    ],
)
def test_a_list_of_the_part_that_the_certificate_is_in(extension: x509.ExtensionType) -> None:
    assert said(AUTHORITY.list(extension=extension)) is Revocation.GOOD


def test_lists_of_authorities_and_of_people_are_not_taken_for_each_other() -> None:
    people, authorities = part(only_contains_user_certs=True), part(only_contains_ca_certs=True)
    assert said(AUTHORITY.list(extension=people), shown=BELOW) is Revocation.NOT_KNOWN
    assert said(AUTHORITY.list(extension=authorities), shown=BELOW) is Revocation.GOOD


def test_where_the_list_is() -> None:
    assert places_of(SHOWN.certificate) == (AUTHORITY.place,)
    assert places_of(AUTHORITY.issue(JAN, place=None).certificate) == ()
    assert places_of(AUTHORITY.issue(JAN, place="ldap://crl.example/").certificate) == ()
    assert places_of(AUTHORITY.certificate) == ()

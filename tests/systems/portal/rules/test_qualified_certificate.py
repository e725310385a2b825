import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from poreka.systems.portal.rules.qualified_certificate import CertificateFault, check_certificate, subject_of
from tests.support.certificates import DAY, JAN, NOW, SEALS, Authority, Issued, qualified

ROOT = Authority("Korzeń")
ISSUING = Authority("Urząd wydający", ROOT)
STRANGER = Authority("Urząd wydający")  # the same name, another key
GOOD = ISSUING.issue(JAN)


def checked(shown: Issued, *, now: int = NOW) -> object:
    return check_certificate(shown.certificate, [], [ISSUING.certificate], now)


def test_a_good_one_with_the_issuing_authority_trusted() -> None:
    assert checked(GOOD) == (GOOD.certificate, ISSUING.certificate)


def test_a_good_one_with_the_authority_between_sent_along() -> None:
    found = check_certificate(GOOD.certificate, [ISSUING.certificate], [ROOT.certificate], NOW)
    assert found == (GOOD.certificate, ISSUING.certificate, ROOT.certificate)
    alone = check_certificate(GOOD.certificate, [], [ROOT.certificate], NOW)
    assert alone is CertificateFault.UNTRUSTED


@pytest.mark.parametrize(
    "good",
    [
        pytest.param(ISSUING.issue(JAN, purposes=None), id="no purposes named"),
        pytest.param(ISSUING.issue(JAN, purposes=[ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), id="any purpose"),
        pytest.param(ISSUING.issue(JAN, uses=("digital_signature", "content_commitment")), id="signing too"),
        pytest.param(ISSUING.issue(JAN, policies_critical=False), id="policies not critical"),
        pytest.param(ISSUING.issue(JAN, ends=NOW), id="until this very second"),
    ],
)
def test_others_that_are_good(good: Issued) -> None:
    assert isinstance(checked(good), tuple)


NEXT_UPDATE_UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        pytest.param(ISSUING.issue(JAN, begins=NOW + 1), CertificateFault.NOT_YET_VALID, id="not yet valid"),
        pytest.param(ISSUING.issue(JAN, ends=NOW - 1), CertificateFault.EXPIRED, id="expired"),
        pytest.param(STRANGER.issue(JAN), CertificateFault.UNTRUSTED, id="a stranger of the same name"),
        pytest.param(Authority("x").issue(JAN), CertificateFault.UNTRUSTED, id="a stranger"),
        pytest.param(Issued(ISSUING.certificate, ISSUING.key), CertificateFault.UNTRUSTED, id="the authority itself"),
        pytest.param(
            ISSUING.issue(JAN, extension=NEXT_UPDATE_UNKNOWN), CertificateFault.UNTRUSTED, id="unknown and critical"
        ),
        pytest.param(ISSUING.issue(JAN, ca=True, uses=("digital_signature", "key_cert_sign")), None, id="an authority"),
        pytest.param(ISSUING.issue(JAN, uses=None), CertificateFault.PURPOSE, id="no usage"),
        pytest.param(ISSUING.issue(JAN, uses=("content_commitment",)), CertificateFault.PURPOSE, id="documents only"),
        pytest.param(
            ISSUING.issue(JAN, purposes=[ExtendedKeyUsageOID.SERVER_AUTH]), CertificateFault.PURPOSE, id="a server's"
        ),
        pytest.param(
            ISSUING.issue(JAN, purposes=[ExtendedKeyUsageOID.EMAIL_PROTECTION]), CertificateFault.PURPOSE, id="e-mail"
        ),
        pytest.param(ISSUING.issue(JAN, statements=b""), CertificateFault.NOT_QUALIFIED, id="no statement"),
        pytest.param(ISSUING.issue(JAN, statements=qualified(SEALS)), CertificateFault.NOT_QUALIFIED, id="a seal"),
        pytest.param(ISSUING.issue(JAN, statements=b"\x30\x05"), CertificateFault.NOT_QUALIFIED, id="unreadable"),
    ],
)
def test_what_is_not_one_to_sign_in_with(bad: Issued, fault: CertificateFault | None) -> None:
    assert checked(bad) is fault if fault else isinstance(checked(bad), CertificateFault)


def test_signed_by_itself() -> None:
    own = Authority("Jan Kowalski")
    shown = Issued(own.certificate, own.key)
    assert checked(shown) is CertificateFault.UNTRUSTED
    assert check_certificate(own.certificate, [own.certificate], [ISSUING.certificate], NOW) is (
        CertificateFault.UNTRUSTED
    )


def test_too_many_authorities_between() -> None:
    chain = [Authority("0")]
    for number in range(1, 7):
        chain.append(Authority(str(number), chain[-1]))
    shown, between = chain[-1].issue(JAN), [one.certificate for one in chain[1:]]
    assert check_certificate(shown.certificate, between, [chain[0].certificate], NOW) is CertificateFault.UNTRUSTED


def test_an_authority_that_has_expired_signs_nothing_any_more() -> None:
    shown = ISSUING.issue(JAN, ends=NOW + 2000 * DAY)
    found = check_certificate(shown.certificate, [ISSUING.certificate], [ROOT.certificate], NOW + 1000 * DAY)
    assert found is CertificateFault.UNTRUSTED


def test_the_attributes_of_the_subject() -> None:
    twice = ISSUING.issue(JAN, more=[("given_name", "Maria"), ("pseudonym", "Janek")])
    assert subject_of(twice.certificate) == {
        "serialNumber": ["PNOPL-83041741039"],
        "givenName": ["Jan", "Maria"],
        "surname": ["Kowalski"],
        "pseudonym": ["Janek"],
    }

"""The demonstration's qualified authority: made once, made anew where addresses changed, and judged by the rules."""

import stat
import time
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_der_x509_crl

from poreka.demo.certificates import HOLDERS, PASSWORD, DemoAuthority, open_certificates
from poreka.demo.people import read_people
from poreka.rules.people.person import PersonFacts
from poreka.systems.portal.rules.certificate_person import person_of
from poreka.systems.portal.rules.qualified_certificate import CertificateFault, check_certificate, subject_of
from poreka.systems.portal.rules.revocation_list import Revocation, revocation_of

LIST = "https://start.localhost:8000/certificates/authority.crl"


def opened(folder: Path, list_at: str = LIST) -> DemoAuthority:
    return open_certificates(folder, read_people(), list_at)


def test_each_stands_as_it_is_said_to(tmp_path: Path) -> None:
    authority, now = opened(tmp_path), int(time.time())
    people = {person.key: person for person in read_people()}
    found = load_der_x509_crl(authority.revocation_list(now))
    assert {one.person: one.state for one in authority.issued} == HOLDERS
    for one in authority.issued:
        key, certificate, above = pkcs12.load_key_and_certificates(one.file, PASSWORD.encode())
        assert key is not None
        assert certificate is not None
        assert [each.subject for each in above] == [authority.certificate.subject]
        judged = check_certificate(certificate, [], [authority.certificate], now)
        assert (judged is CertificateFault.EXPIRED) if one.state == "expired" else isinstance(judged, tuple)
        said = revocation_of(certificate, authority.certificate, found, now)
        assert said is (Revocation.REVOKED if one.state == "revoked" else Revocation.GOOD)
        facts, person = person_of(subject_of(certificate)), people[one.person]
        assert isinstance(facts, PersonFacts)
        assert (facts.first_name, facts.surname, facts.pesel.digits) == (
            person.first_name,
            person.surname,
            person.pesel,
        )


def test_they_stay_and_are_their_owners_alone(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    assert [one.file for one in first.issued] == [one.file for one in second.issued]
    assert first.certificate == second.certificate
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_another_address_of_the_list_makes_them_anew_by_the_same_authority(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path, LIST.replace("8000", "8001"))
    assert first.certificate == second.certificate
    assert not {one.file for one in first.issued} & {one.file for one in second.issued}

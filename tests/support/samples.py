"""Invented things to store, each complete, with what matters to a test as arguments."""

import datetime

from poreka.oidc.clients.client import Client
from poreka.oidc.provider.authorization_code import Grant
from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.oidc.provider.pushed_request import PushedRequest
from poreka.oidc.provider.tokens import AccessToken, stored_hash
from poreka.provider.rules.consent import Consent
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.store.customers import NewCustomer
from poreka.provider.store.relying_sign_ins import RelyingSignIn
from poreka.rules.authorising.operation import Operation
from poreka.rules.levels import Factor, Level
from poreka.rules.people.person import Fact, PersonFacts
from poreka.rules.people.pesel import Pesel, read_pesel
from poreka.store.sessions import Session
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState
from poreka.systems.portal.store.profiles import Profile
from tests.support.engines import NOW


def pesel(serial: int = 1) -> Pesel:
    """The PESEL of an invented person born in 1971 under this serial number."""
    first = f"710305{serial:04}"
    check = -sum(w * int(d) for w, d in zip((1, 3, 7, 9, 1, 3, 7, 9, 1, 3), first, strict=True)) % 10
    read = read_pesel(f"{first}{check}")
    assert isinstance(read, Pesel)
    return read


def facts(serial: int = 1) -> PersonFacts:
    return PersonFacts(first_name="Żaneta Łucja", surname="Gżegżółka-Śliwińska", pesel=pesel(serial))


def client(client_id: str = "portal") -> Client:
    return Client(client_id=client_id, name={"pl": "Portal"}, redirect_uris=("https://portal.example/back",))


def request(client_id: str = "portal") -> AuthorizationRequest:
    return AuthorizationRequest(
        client_id=client_id, redirect_uri="https://portal.example/back", scopes=("openid",), state="stan"
    )


def pushed(client_id: str = "portal", expires_at: int = NOW + 60) -> PushedRequest:
    return PushedRequest(request=request(client_id), expires_at=expires_at)


def grant(grant_id: str = "g1", person: str = "p1") -> Grant:
    return Grant(
        grant_id=grant_id,
        client_id="portal",
        person=person,
        subject="sub",
        sid="s1",
        scopes=("openid", "identity"),
        consented=frozenset({"given_name", "pesel"}),
        auth_time=NOW,
        acr=Level.LOW.acr,
        amr=("pwd",),
        redirect_uri="https://portal.example/back",
        issued_at=NOW,
        expires_at=NOW + 60,
    )


def token(secret: str, grant_id: str = "g1", person: str = "p1", *, consented: bool = True) -> AccessToken:
    return AccessToken(
        token_hash=stored_hash(secret),
        client_id="portal",
        grant_id=grant_id,
        person=person,
        subject="sub",
        sid="s1",
        scopes=("openid",),
        consented=frozenset({"pesel"}) if consented else frozenset(),
        acr=Level.LOW.acr,
        auth_time=NOW,
        issued_at=NOW,
        expires_at=NOW + 300,
    )


def sign_in(grant_id: str, person: str = "p1", client_id: str = "portal", sid: str = "s1") -> RelyingSignIn:
    return RelyingSignIn(
        grant_id=grant_id,
        person_id=person,
        client_id=client_id,
        sid=sid,
        subject="sub",
        signed_in_at=NOW,
        expires_at=NOW + 3600,
    )


def consent(record_id: str = "c1", person: str = "p1", service: str = "portal", given_at: int = NOW) -> ConsentRecord:
    return ConsentRecord(
        id=record_id,
        person_id=person,
        consent=Consent(
            service=service,
            text_version="1",
            facts=(Fact.FIRST_NAME, Fact.SURNAME, Fact.PESEL),
            given_at=given_at,
            operation_id="o1",
            level=Level.SUBSTANTIAL,
        ),
    )


def operation(operation_id: str = "o1", number: int = 1) -> Operation:
    return Operation(
        id=operation_id,
        number=number,
        date=datetime.date(2027, 1, 15),
        purpose="Logowanie do portalu",
        code_hash=b"keyed hash",
        issued_at=NOW,
        code_issued_at=NOW,
        expires_at=NOW + 1800,
    )


def session(sid: str = "s1", person: str = "p1", started_at: int = NOW) -> Session:
    return Session(
        sid=sid,
        person_id=person,
        auth_time=started_at,
        started_at=started_at,
        active_at=started_at,
        ends_at=started_at + 600,
        factors=(Factor.PASSWORD,),
        details=b'{"name":"Janina Prywatna"}',
    )


def customer(customer_id: str = "p1", number: str = "10000001", pesel_text: str | None = None) -> NewCustomer:
    return NewCustomer(
        id=customer_id,
        number=number,
        password_hash="$argon2id$",
        identifier_kind="document",
        identifier="XYZ778899",
        first_name="Żaneta",
        surname="Śliwińska",
        pesel=pesel_text,
        phone="500000001",
        sim_replaced_at=None,
    )


def profile(
    profile_id: str = "f1",
    serial: int = 1,
    state: ProfileState = ProfileState.UNTRUSTED,
    login: str | None = None,
) -> Profile:
    rule = PortalProfile(facts=facts(serial), state=state, terms_version="1")
    return Profile(
        id=profile_id,
        profile=rule,
        login=login,
        password_hash="$argon2id$" if login else None,
        email="zaneta@example.pl",
        electronic_information=False,
        created_at=NOW,
    )

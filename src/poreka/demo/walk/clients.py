"""A developer's relying party: the two sandbox clients sign a person in, the provider's documents are read.

It is the relying side's own core (`oidc/relying_party`) with a very small driver; the redirect address is on
127.0.0.1, where nobody listens: the browser's last address is all that is needed.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from joserfc.jwk import ECKey

from poreka.demo.clients import SANDBOX_SECRET, sandbox_key
from poreka.demo.walk import ways
from poreka.demo.walk.visitor import WalkFailed
from poreka.demo.walk.walk import BANK, Walk, expect
from poreka.oidc.errors import TokenRefused
from poreka.oidc.keys import KeySet, SigningKey
from poreka.oidc.relying_party.authorization import (
    FreshSecrets,
    PendingSignIn,
    begin,
    plain_redirect,
    push_request,
    pushed,
)
from poreka.oidc.relying_party.callback import ProviderSaidNo, check_callback
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce
from poreka.oidc.relying_party.provider_metadata import (
    ProviderMetadata,
    check_provider_metadata,
    discovery_url,
)
from poreka.oidc.relying_party.registration import FreshIds, Registration, VerifiedRequest
from poreka.oidc.relying_party.released_facts import ReleasedFacts
from poreka.oidc.relying_party.token import SignedIn, process_token_answer, token_request
from poreka.oidc.relying_party.userinfo import process_userinfo, userinfo_request

T = TypeVar("T")
REDIRECT_URI = "http://127.0.0.1:49152/callback"


@dataclass
class Developer:
    """One sandbox client at the bank, and the demonstration it works in."""

    walk: Walk
    registration: Registration
    credentials: ClientCredentials
    metadata: ProviderMetadata
    keys: KeySet

    def ask(self) -> tuple[str, PendingSignIn]:
        """Begin a sign-in: where to send the browser, and what to remember."""
        fresh = FreshSecrets(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            code_verifier=secrets.token_urlsafe(48),
            dpop_key=_proof_key() if self.registration.use_dpop else None,
        )
        begun = begin(self.registration, self.metadata, fresh, self.walk.now())
        if not self.registration.use_par:
            return plain_redirect(self.registration, self.metadata, begun), begun.pending
        request = push_request(self.registration, self.metadata, self.credentials, begun, _ids(), self.walk.now())
        address = pushed(self.registration, self.metadata, _send(self.walk, request))
        return _answered(address), begun.pending

    def redeem(self, pending: PendingSignIn, url: str) -> tuple[SignedIn, ReleasedFacts]:
        """From the browser's return to the facts."""
        code = check_callback(pending, self.metadata, parse_qsl(urlsplit(url).query), self.walk.now())
        if isinstance(code, ProviderSaidNo):
            raise WalkFailed(f"the provider says no: {code.error}")
        request = token_request(
            self.registration, self.metadata, self.credentials, pending, code, _ids(), self.walk.now()
        )
        answer = _send(self.walk, request)
        signed_in = _answered(process_token_answer(self.registration, pending, self.keys, answer, self.walk.now()))
        answer = _send(self.walk, userinfo_request(self.metadata, pending, signed_in, _ids(), self.walk.now()))
        return signed_in, _answered(process_userinfo(self.registration, signed_in, self.keys, answer, self.walk.now()))


def documents(walk: Walk) -> None:
    """Discovery and keys, as any client reads them."""
    with walk.step("discovery document: checked like a foreign provider's"):
        metadata = _metadata(walk, walk.address.origin(BANK))
        expect(metadata.supports_par and metadata.supports_dpop, "no PAR or no DPoP")
        expect(metadata.backchannel_logout_supported, "no back-channel logout")
    with walk.step("keys: public halves only"):
        found = walk.json(BANK, urlsplit(metadata.jwks_uri).path)["keys"]
        expect(found and not [key for key in found if "d" in key], "a private key is published")


def sandbox(walk: Walk) -> None:
    """The client `sandbox`: a plain request with PKCE, a secret, bearer tokens; no PESEL."""
    registration = Registration(
        issuer=walk.address.origin(BANK),
        client_id="sandbox",
        redirect_uri=REDIRECT_URI,
        profile="openid",
        client_authentication="client_secret_basic",
        scopes=("openid", "profile"),
        claims=("given_name", "family_name"),
        use_par=False,
        use_dpop=False,
        userinfo_signed_required=False,
    )
    facts = _sign_in(walk, registration, ClientCredentials(secret=SANDBOX_SECRET))
    expect(facts.pesel is None, "the profile openid was given a PESEL")


def sandbox_fapi(walk: Walk) -> None:
    """The client `sandbox-fapi`: PAR, private_key_jwt, DPoP, signed UserInfo with verified claims."""
    registration = Registration(
        issuer=walk.address.origin(BANK),
        client_id="sandbox-fapi",
        redirect_uri=REDIRECT_URI,
        scopes=("openid", "identity"),
        claims=("given_name", "family_name", "pesel"),
        verified=VerifiedRequest(),
    )
    key = SigningKey.of_jwk(sandbox_key())
    facts = _sign_in(walk, registration, ClientCredentials(signing_key=key))
    expect(facts.pesel == walk.person("helena").pesel, "the PESEL is not the person's")
    expect(facts.verified == {"given_name", "family_name", "pesel"}, "the facts are not verified claims")


def _sign_in(walk: Walk, registration: Registration, credentials: ClientCredentials) -> ReleasedFacts:
    person, visitor = walk.person("helena"), walk.visitor()
    visitor.stop_at = REDIRECT_URI
    with walk.step("developer: discovery, then the request"), _told():
        metadata = _metadata(walk, registration.issuer)
        keys = KeySet.of_jwks(walk.json(BANK, urlsplit(metadata.jwks_uri).path))
        developer = Developer(walk, registration, credentials, metadata, keys)
        address, pending = developer.ask()
    with walk.step("person: whatever the bank asks for"):
        page = ways.go_on(walk, visitor.open(address), person, pesel="pesel" in registration.requested_facts).page
        expect(page.url.startswith(REDIRECT_URI), "no answer came back", page)
    with walk.step("developer: code, tokens, facts"), _told():
        _, facts = developer.redeem(pending, page.url)
        expect(facts.given_name == person.first_name, "the first name is not the person's")
    with walk.step("the same code a second time: refused"):
        try:
            developer.redeem(pending, page.url)
        except (ProviderFault, TokenRefused):
            return facts
        raise WalkFailed("the code works twice")


@contextmanager
def _told() -> Iterator[None]:
    """What the relying side finds wrong is what the walk tells."""
    try:
        yield
    except (ProviderFault, TokenRefused) as fault:
        raise WalkFailed(f"{fault} ({fault.detail})") from fault


def _metadata(walk: Walk, issuer: str) -> ProviderMetadata:
    answer = _send(walk, Outgoing(method="GET", url=discovery_url(issuer), headers={}))
    with _told():
        return check_provider_metadata(answer, issuer, allow_http=walk.address.scheme == "http")


def _send(walk: Walk, request: Outgoing) -> Answer:
    response = (walk.visitors or [walk.visitor()])[0].send(request.method, request.url, request.headers, request.body)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, body=response.content)


def _answered(outcome: T | RetryWithNonce) -> T:
    if isinstance(outcome, RetryWithNonce):
        raise WalkFailed("the provider wants a nonce, which it does not announce")
    return outcome


def _ids() -> FreshIds:
    return FreshIds(assertion=secrets.token_urlsafe(16), proof=secrets.token_urlsafe(16))


def _proof_key() -> dict[str, str]:
    made = ECKey.generate_key("P-256", private=True).as_dict(private=True)
    return {name: str(made[name]) for name in ("kty", "crv", "x", "y", "d")}

"""A relying party in this process: requests, assertions and proofs, right ones and wrong ones on purpose.

`FapiClient` speaks the profile `fapi2` (pushed request, `private_key_jwt`, DPoP), `OpenidClient` the profile
`openid` with a secret. Both take a change for every claim and parameter, `None` leaving it out. Signed by
`poreka.oidc.jose`; that others' software can do it too is shown in `tests/interop`.
"""

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
from joserfc.jwk import ECKey

from poreka.oidc import jose
from poreka.oidc.dpop import token_hash
from poreka.oidc.keys import KeySet, SigningKey
from poreka.oidc.pkce import challenge_of
from tests.support.asgi import AsgiBrowser, AsgiPage, Site, answer_in

VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def new_key() -> SigningKey:
    """A fresh ES256 key."""
    return SigningKey.of_jwk({**ECKey.generate_key("P-256", private=True).as_dict(private=True), "alg": "ES256"})


def changed(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The values with changes; `None` takes a value out."""
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def jti() -> str:
    return os.urandom(12).hex()


@dataclass
class RelyingClient:
    """What both profiles share: the request, the exchange, the way through the browser."""

    site: Site
    client_id: str
    redirect_uri: str
    clock: Callable[[], int]
    scope: str = "openid identity"

    @property
    def issuer(self) -> str:
        return self.site.origin

    def parameters(self, **changes: str | None) -> dict[str, Any]:
        """An authorization request."""
        asked = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": "st 1~&=",
            "nonce": "n-1",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        return changed(asked, changes)

    def exchange(self, code: str, **changes: str | None) -> dict[str, Any]:
        """A token request, without the client's authentication."""
        return changed(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "code_verifier": VERIFIER,
            },
            changes,
        )

    async def published_keys(self) -> KeySet:
        """The provider's keys as anyone sees them."""
        return KeySet.of_jwks((await self.site.call("GET", "/jwks")).json())

    async def claims_of(self, token: str) -> dict[str, Any]:
        """What a token of the provider says, its signature verified with the published keys."""
        return jose.verify(token, await self.published_keys(), frozenset({"ES256", "RS256"}))


@dataclass
class FapiClient(RelyingClient):
    """A client of the profile `fapi2`."""

    key: SigningKey = field(default_factory=new_key)
    proof_key: SigningKey = field(default_factory=new_key)

    def assertion(self, key: SigningKey | None = None, **changes: Any) -> str:
        """A client assertion (RFC 7523)."""
        now = self.clock()
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": self.issuer, "jti": jti()}
        return jose.sign(changed({**claims, "iat": now, "exp": now + 60}, changes), key or self.key)

    def proof(
        self, method: str, path: str, token: str | None = None, key: SigningKey | None = None, **changes: Any
    ) -> str:
        """A DPoP proof (RFC 9449)."""
        claims = {"jti": jti(), "htm": method, "htu": self.issuer + path, "iat": self.clock()}
        if token is not None:
            claims["ath"] = token_hash(token)
        return jose.sign_with_embedded_key(changed(claims, changes), key or self.proof_key, "dpop+jwt")

    def proven(self, assertion: str | None = None) -> dict[str, str]:
        """The parameters of `private_key_jwt`."""
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion() if assertion is None else assertion,
        }

    async def push(
        self, *, assertion: str | None = None, proof: str | None = None, **changes: str | None
    ) -> httpx2.Response:
        """POST /par."""
        form = {**self.parameters(**changes), **self.proven(assertion)}
        headers = [("dpop", proof)] if proof is not None else []
        return await self.site.call("POST", "/par", form=form, headers=headers)

    async def reference(self, **changes: str | None) -> str:
        """The `request_uri` of a good push."""
        pushed = await self.push(**changes)
        assert pushed.status_code == 201, pushed.text
        reference: str = pushed.json()["request_uri"]
        return reference

    def authorize_path(self, reference: str) -> str:
        """Where the browser is sent."""
        return "/authorize?" + urlencode({"client_id": self.client_id, "request_uri": reference})

    async def send(self, browser: AsgiBrowser, **changes: str | None) -> AsgiPage:
        """Push a request and send the browser with it."""
        return await browser.open(self.authorize_path(await self.reference(**changes)))

    async def code(self, browser: AsgiBrowser, **changes: str | None) -> str:
        """A code for someone who needs no page."""
        return (await self.send(browser, **changes)).answer["code"]

    async def redeem(
        self, code: str, *, assertion: str | None = None, proof: str | None = None, **changes: str | None
    ) -> httpx2.Response:
        """POST /token; `proof=""` sends none."""
        made = self.proof("POST", "/token") if proof is None else proof
        form = {**self.exchange(code, **changes), **self.proven(assertion)}
        return await self.site.call("POST", "/token", form=form, headers=[("dpop", made)] if made else [])

    async def tokens(self, browser: AsgiBrowser, **changes: str | None) -> dict[str, Any]:
        """The tokens of someone who needs no page."""
        answer = await self.redeem(await self.code(browser, **changes))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def userinfo(
        self, token: str, *, method: str = "GET", scheme: str = "DPoP", proof: str | None = None
    ) -> httpx2.Response:
        """GET or POST /userinfo; `proof=""` sends none."""
        made = self.proof(method, "/userinfo", token) if proof is None else proof
        headers = [("authorization", f"{scheme} {token}"), *([("dpop", made)] if made else [])]
        return await self.site.call(method, "/userinfo", headers=headers)

    async def facts(self, token: str) -> dict[str, Any]:
        """What UserInfo says, its signature verified."""
        answer = await self.userinfo(token)
        assert answer.status_code == 200, (answer.status_code, answer.headers.get("www-authenticate"))
        assert answer.headers["content-type"] == "application/jwt"
        return await self.claims_of(answer.text)

    async def ask_about(self, path: str, token: str) -> httpx2.Response:
        """POST /introspect or /revoke."""
        return await self.site.call("POST", path, form={"token": token, **self.proven()})


@dataclass
class OpenidClient(RelyingClient):
    """A client of the profile `openid`, with a secret."""

    secret: str = ""
    scope: str = "openid profile"

    @property
    def basic(self) -> tuple[str, str]:
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return ("authorization", f"Basic {pair}")

    async def send(self, browser: AsgiBrowser, **changes: str | None) -> AsgiPage:
        """Send the browser with a plain request."""
        return await browser.open("/authorize?" + urlencode(self.parameters(**changes)))

    async def code(self, browser: AsgiBrowser, **changes: str | None) -> str:
        page = await self.send(browser, **changes)
        assert page.left_for is not None, (page.status, page.path, page.heading)
        return answer_in(page.left_for)["code"]

    async def redeem(self, code: str, **changes: str | None) -> httpx2.Response:
        """POST /token with HTTP Basic."""
        return await self.site.call("POST", "/token", form=self.exchange(code, **changes), headers=[self.basic])

    async def tokens(self, browser: AsgiBrowser, **changes: str | None) -> dict[str, Any]:
        answer = await self.redeem(await self.code(browser, **changes))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def userinfo(self, token: str, method: str = "GET") -> httpx2.Response:
        return await self.site.call(method, "/userinfo", headers=[("authorization", f"Bearer {token}")])

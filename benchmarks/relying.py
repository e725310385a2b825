"""The relying party's side of one sign-in, step by step: push, authorize, redeem, read.

Each step sends one request, refuses any answer but the expected one, and returns what the next step needs.
What can be signed before the round (assertions, the proof for the token endpoint) is `Prepared`.
"""

import hashlib
import json
import secrets
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from benchmarks.browser import Browser
from benchmarks.proofs import Signer, base64url
from benchmarks.target import JourneyError, Target, ToldToWait
from benchmarks.wire import Answer, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is signed ahead for one journey."""

    push_assertion: str
    token_assertion: str
    token_proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An authorization request that has been pushed, and the secrets that belong to it."""

    request_uri: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A code that has come back, ready to be redeemed."""

    code: str
    asked: Asked


class RelyingSide:
    """One relying party at one provider, with its endpoints discovered."""

    def __init__(self, target: Target, metadata: dict[str, Any], keys: KeySet) -> None:
        self.target = target
        self._metadata, self._keys = metadata, keys
        self._party = target.relying_party
        self._signer = Signer(self._party.client_id, target.issuer, self._party.key)
        self._stock: deque[Prepared] = deque()

    def prepare(self, journeys: int) -> None:
        """Sign ahead for this many journeys; what an earlier round left over is thrown away as stale."""
        self._stock = deque(self._prepared() for _ in range(journeys))

    def take(self) -> Prepared:
        """The next signed set; signed on the spot when the stock has run out."""
        return self._stock.popleft() if self._stock else self._prepared()

    async def push(self, wire: Wire, prepared: Prepared) -> Asked:
        """Pushed authorization request (RFC 9126) with PKCE."""
        state, nonce, verifier = (secrets.token_urlsafe(24) for _ in range(3))
        verifier += secrets.token_urlsafe(16)
        form = {
            "response_type": "code",
            "client_id": self._party.client_id,
            "redirect_uri": self._party.redirect_uri,
            "scope": self._party.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64url(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            **self._assertion(prepared.push_assertion),
        }
        url = self._metadata["pushed_authorization_request_endpoint"]
        answer = expect(201, await wire.send(_request("POST", url, form)), "pushed request")
        return Asked(request_uri=json.loads(answer.body)["request_uri"], state=state, nonce=nonce, verifier=verifier)

    def authorization_url(self, asked: Asked) -> str:
        """Where the browser is sent with the pushed request."""
        query = urlencode({"client_id": self._party.client_id, "request_uri": asked.request_uri})
        return f"{self._metadata['authorization_endpoint']}?{query}"

    async def authorize(self, browser: Browser, asked: Asked) -> Received:
        """Follow the browser from the authorization endpoint to our redirect address, at once."""
        page = await browser.visit(self.authorization_url(asked))
        if page.answer is not None:
            where = urlsplit(page.url).path
            raise JourneyError(f"a page instead of a code: {page.answer.status} at {where}")
        return self.received(page.url, asked)

    def received(self, url: str, asked: Asked) -> Received:
        """The code in the answer, after `state` and `iss` are checked (RFC 9207)."""
        answer = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        if not url.startswith(self._party.redirect_uri) or "code" not in answer:
            raise JourneyError(f"no code came back: {answer.get('error')} {answer.get('error_description')}")
        if answer.get("state") != asked.state or answer.get("iss") != self.target.issuer:
            raise JourneyError("the answer belongs to another request or comes from another issuer")
        return Received(code=answer["code"], asked=asked)

    async def redeem(self, wire: Wire, received: Received, prepared: Prepared) -> dict[str, Any]:
        """Code for tokens, with `private_key_jwt` and a DPoP proof."""
        form = {
            "grant_type": "authorization_code",
            "code": received.code,
            "redirect_uri": self._party.redirect_uri,
            "code_verifier": received.asked.verifier,
            **self._assertion(prepared.token_assertion),
        }
        request = _request("POST", self._metadata["token_endpoint"], form, {"DPoP": prepared.token_proof})
        tokens: dict[str, Any] = json.loads(expect(200, await wire.send(request), "token").body)
        if tokens.get("token_type") != "DPoP":
            raise JourneyError("the access token is not bound to our key")
        return tokens

    async def read_userinfo(self, wire: Wire, access_token: str) -> str:
        """The signed UserInfo answer, not verified yet."""
        url = self._metadata["userinfo_endpoint"]
        proof = self._signer.proof("GET", url, int(time.time()), access_token)
        headers = {"Authorization": f"DPoP {access_token}", "DPoP": proof}
        answer = expect(200, await wire.send(_request("GET", url, None, headers)), "userinfo")
        if not answer.header("content-type").startswith("application/jwt"):
            raise JourneyError("the UserInfo answer is not signed")
        return answer.body.decode()

    def verify(self, tokens: dict[str, Any], userinfo: str, asked: Asked) -> None:
        """Both signatures and the facts in them; done on a sample, for it costs the driver much."""
        identity = jwt.decode(tokens["id_token"], self._keys, algorithms=["ES256"]).claims
        facts = jwt.decode(userinfo, self._keys, algorithms=["ES256"]).claims
        if identity["nonce"] != asked.nonce or identity["sub"] != facts["sub"]:
            raise JourneyError("the ID Token is not for this request or not for this person")
        if not {"given_name", "family_name", "pesel"} <= facts.keys():
            raise JourneyError(f"facts are missing from UserInfo: only {sorted(facts)}")

    def _assertion(self, assertion: str) -> dict[str, str]:
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return {"client_assertion_type": kind, "client_assertion": assertion}

    def _prepared(self) -> Prepared:
        now = int(time.time())
        return Prepared(
            push_assertion=self._signer.assertion(now),
            token_assertion=self._signer.assertion(now),
            token_proof=self._signer.proof("POST", self._metadata["token_endpoint"], now),
        )


async def discover(target: Target) -> RelyingSide:
    """Read the provider's metadata and keys."""
    wire = Wire(target.address)
    found = await wire.send(_request("GET", f"{target.issuer}/.well-known/openid-configuration"))
    metadata = json.loads(expect(200, found, "discovery").body)
    keys = expect(200, await wire.send(_request("GET", metadata["jwks_uri"])), "keys")
    wire.close()
    return RelyingSide(target, metadata, KeySet.import_key_set(json.loads(keys.body)))


def expect(status: int, answer: Answer, step: str) -> Answer:
    """The answer, if it has this status."""
    if answer.status == 503:
        raise ToldToWait(step, float(answer.header("retry-after") or 1))
    if answer.status != status:
        raise JourneyError(f"{step}: {answer.status} {answer.body[:300].decode(errors='replace')}")
    return answer


def _request(method: str, url: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> bytes:
    where = urlsplit(url)
    body = urlencode(form).encode() if form else b""
    lines = [f"{method} {where.path} HTTP/1.1", f"Host: {where.netloc}", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if form:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body

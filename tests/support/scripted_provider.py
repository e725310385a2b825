"""A provider that plays its part by a script, in place of the back channel: nothing leaves the process.

It takes pushed requests, gives codes to whoever "signs in" there, and makes tokens and UserInfo answers like
any provider would; a test sets what it should do differently. The people are invented.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import msgspec
from joserfc.jwk import ECKey

from poreka.oidc import jose
from poreka.oidc.keys import KeySet, SigningKey
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerUnreachable

LOW, SUBSTANTIAL = (f"http://eidas.europa.eu/LoA/{level}" for level in ("low", "substantial"))


def fresh_key(kid: str) -> SigningKey:
    return SigningKey.of_jwk({**ECKey.generate_key("P-256").as_dict(private=True), "kid": kid})


@dataclass
class Person:
    """Whom the provider vouches for."""

    given_name: str | None = "Jan"
    family_name: str | None = "Kowalski"
    pesel: str | None = "83041741039"
    sub: str = "sub-jan"


@dataclass
class ScriptedProvider:
    """`person`, `acr` and the rest are what the next sign-in will be."""

    issuer: str
    client_id: str
    now: Any
    person: Person = field(default_factory=Person)
    acr: str = SUBSTANTIAL
    sid: str | None = "provider-session-1"
    down: bool = False
    wants_nonce: bool = False
    busy_for: int = 0
    signed_userinfo: bool = True
    spoil_id_token: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    key: SigningKey = field(default_factory=lambda: fresh_key("first"))
    published: SigningKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    async def get(self, url: str) -> Answer:
        self.calls.append(urlsplit(url).path)
        if self.down:
            raise PeerUnreachable("connect")
        if url.endswith("/jwks"):
            return answer(KeySet([(self.published or self.key).verification()]).published())
        return answer(self.metadata())

    async def send(self, request: Outgoing) -> Answer:
        path = urlsplit(request.url).path
        self.calls.append(path)
        if self.down:
            raise PeerUnreachable("connect")
        if self.wants_nonce and not self._has_nonce(request):
            status = 401 if path == "/me" else 400
            headers = {"dpop-nonce": "nonce-1", "www-authenticate": 'DPoP error="use_dpop_nonce"'}
            return answer({"error": "use_dpop_nonce"}, status, **headers)
        if path == "/par" and self.busy_for:
            return answer({"error": "temporarily_unavailable"}, 503, **{"retry-after": str(self.busy_for)})
        if path == "/par":
            self.asked.append(dict(parse_qsl(request.body.decode())))
            return answer({"request_uri": f"urn:request:{len(self.asked)}", "expires_in": 60}, 201)
        if path == "/token":
            return self._token(dict(parse_qsl(request.body.decode())))
        return self._userinfo()

    def signs_in(self, address: str, **changes: Any) -> str:
        """The person signs in at the address the browser was sent to; returns the query that comes back."""
        asked = self._asked_at(address)
        code = f"code-{len(self._codes) + 1}"
        self._codes[code] = asked
        return self._back(asked, {"code": code, **changes})

    def says_no(self, address: str, reason: str | None, error: str = "access_denied") -> str:
        asked = self._asked_at(address)
        return self._back(asked, {"error": error, "error_description": "no", "poreka_reason": reason})

    def logout_token(self, **changes: Any) -> str:
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": self.now(),
            "exp": self.now() + 120,
            "jti": "logout-1",
            "sub": self.person.sub,
            "sid": self.sid,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            **changes,
        }
        return jose.sign(claims, self.key, "logout+jwt")

    def metadata(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        paths |= {"userinfo_endpoint": "/me", "pushed_authorization_request_endpoint": "/par"}
        return {
            "issuer": self.issuer,
            **{name: self.issuer + path for name, path in paths.items()},
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "authorization_response_iss_parameter_supported": True,
            "claims_parameter_supported": True,
        }

    def _asked_at(self, address: str) -> dict[str, str]:
        query = parse_qs(urlsplit(address).query)
        return self.asked[int(query["request_uri"][0].rpartition(":")[2]) - 1]

    def _back(self, asked: dict[str, str], values: dict[str, Any]) -> str:
        said = {"state": asked["state"], "iss": self.issuer, **values}
        return urlencode({name: value for name, value in said.items() if value is not None})

    def _has_nonce(self, request: Outgoing) -> bool:
        return jose.peek(request.headers["dpop"]).get("nonce") == "nonce-1"

    def _token(self, form: dict[str, str]) -> Answer:
        asked = self._codes.pop(form["code"], None)
        if asked is None:
            return answer({"error": "invalid_grant"}, 400)
        now = self.now()
        claims = {
            "iss": self.issuer,
            "sub": self.person.sub,
            "aud": self.client_id,
            "exp": now + 300,
            "iat": now,
            "auth_time": now - 5,
            "nonce": asked["nonce"],
            "acr": self.acr,
            "amr": ["pwd"],
            "sid": self.sid,
            **self.spoil_id_token,
        }
        token = jose.sign({name: value for name, value in claims.items() if value is not None}, self.key)
        return answer({"access_token": "access-1", "token_type": "DPoP", "id_token": token})

    def _userinfo(self) -> Answer:
        person = self.person
        facts = {"given_name": person.given_name, "family_name": person.family_name, "pesel": person.pesel}
        known = {name: value for name, value in facts.items() if value is not None}
        statement = {"verification": {"trust_framework": "pl_test", "time": "2026-01-01"}, "claims": known}
        claims = {"sub": person.sub, **known, "verified_claims": statement, **self.beside}
        if not self.signed_userinfo:
            return answer(claims)
        token = jose.sign({"iss": self.issuer, "aud": self.client_id, **claims}, self.key)
        return Answer(status=200, headers={"content-type": "application/jwt"}, body=token.encode())


def answer(members: Any, status: int = 200, **headers: str) -> Answer:
    every = {"content-type": "application/json", **headers}
    return Answer(status=status, headers=every, body=msgspec.json.encode(members))

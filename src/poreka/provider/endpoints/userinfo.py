"""The facts leave: what was asked for and consented to, read at this moment, signed, and recorded.

Whether the token is good is `oidc/provider/access.py`, which facts may be told is
`oidc/provider/userinfo.py`. The audit event names the facts, never their values.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.audit.events import FactsReleased
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import RefusedBearer
from poreka.oidc.provider.access import Access, check_access, presented_token
from poreka.oidc.provider.userinfo import signed_userinfo, userinfo_claims
from poreka.oidc.provider.verified_claims import Evidence, Verification
from poreka.provider.endpoints.client_call import address_called, certificate_of, claims_of, proof_in
from poreka.provider.store.customer_directory import Customer
from poreka.provider.system import Bank
from poreka.store.database import AlreadyThere
from poreka.web.forms import read_pairs

PATH = "/userinfo"


async def userinfo(request: Request, bank: Bank) -> Response:
    """GET or POST /userinfo; raises `RefusedBearer`."""
    presented = presented_token(request.headers.get("authorization"), await _in_form(request))
    found = await bank.returning.release(presented.token)
    now, certificate = bank.clock(), certificate_of(request, bank)
    access = check_access(
        presented,
        found[0] if found else None,
        proof=proof_in(request),
        method=request.method,
        url=address_called(request, bank, PATH),
        thumbprint=certificate.thumbprint if certificate else None,
        now=now,
    )
    known = await bank.registry.find(access.token.client_id)
    if known is None or found is None:
        raise RefusedBearer("invalid_token", "The access token is not valid or has expired.")

    customer = found[1] or await bank.customers.by_id(access.token.person)
    if customer is None:
        raise RefusedBearer("invalid_token", "The access token is not valid or has expired.")

    claims = userinfo_claims(access.token, facts_of(customer), verification_of(bank, customer, access), now=now)

    await _save(bank, access, claims)
    return await _answer(bank, known.client, claims, now)


async def _in_form(request: Request) -> str | None:
    """The access token in the body of a POST (RFC 6750 §2.2); raises `BadForm`."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return None
    return dict(await read_pairs(request)).get("access_token")


def facts_of(customer: Customer) -> dict[str, Any]:
    """What the bank can tell about its customer, by claim name; only a valid PESEL is a fact."""
    facts: dict[str, Any] = {"given_name": customer.first_name, "family_name": customer.surname}
    if customer.valid_pesel is not None:
        facts["pesel"] = customer.valid_pesel.digits
    return facts


def verification_of(bank: Bank, customer: Customer, access: Access) -> Verification:
    """How the bank knows: it identified its customer once, and its record says when and how surely (Identity Assurance
    1.0 §5). How strong this sign-in was is `acr` in the ID Token.
    """
    assurance = customer.identity_assurance
    return Verification(
        trust_framework=bank.settings.vouching.trust_framework,
        assurance_level=assurance.acr if assurance else None,
        time=customer.identity_verified_at,
        verification_process=access.token.grant_id,
        evidence=(Evidence(type="electronic_record", record_type="bank_account"),),
    )


async def _save(bank: Bank, access: Access, claims: dict[str, Any]) -> None:
    token, told = access.token, {**claims, **claims.get("verified_claims", {}).get("claims", {})}
    facts = tuple(name for name in ("given_name", "family_name", "pesel") if name in told)
    event = FactsReleased(person_id=token.person, client_id=token.client_id, grant_id=token.grant_id, facts=facts)
    try:
        await bank.audit.save(*claims_of(access.single_use), event=event)
    except AlreadyThere as error:
        raise RefusedBearer("invalid_dpop_proof", "The proof was used before.", scheme="DPoP") from error


async def _answer(bank: Bank, client: Client, claims: dict[str, Any], now: int) -> Response:
    algorithm = client.userinfo_signed_response_alg
    if algorithm is None:
        return JSONResponse(claims)
    await bank.key_ring.refresh()
    key = bank.key_ring.signing(algorithm)
    signed = signed_userinfo(claims, issuer=bank.origin, client_id=client.client_id, key=key, now=now)
    return Response(signed, media_type="application/jwt")

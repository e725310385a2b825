"""The `claims` parameter: what we ask to be told about a person, claim by claim, and how surely.

OpenID Connect Core 1.0, section 5.5, with the verified part of OpenID Connect for Identity Assurance 1.0,
section 6. What is not asked for here (or by a scope) must not be released; the answer is read in
`userinfo`.
"""

from typing import Any

import msgspec

from poreka.oidc.relying_party.registration import Registration, VerifiedRequest


def claims_parameter(registration: Registration, levels: tuple[str, ...]) -> str:
    """The parameter as JSON, or an empty text when there is nothing to ask for.

    The level is asked for as essential: a provider that cannot reach it must say so instead of signing in
    by less.
    """
    about_person: dict[str, Any] = {claim_name(registration, fact): None for fact in registration.claims}
    if registration.verified is not None:
        about_person["verified_claims"] = _verified(registration, registration.verified)
    asked: dict[str, Any] = {}
    if about_person:
        asked["userinfo"] = about_person
    if levels:
        asked["id_token"] = {"acr": {"essential": True, "values": list(levels)}}
    return msgspec.json.encode(asked).decode() if asked else ""


def claim_name(registration: Registration, fact: str) -> str:
    """What this provider calls one of our facts."""
    name: str = getattr(registration.claim_names, fact)
    return name


def _verified(registration: Registration, wanted: VerifiedRequest) -> dict[str, Any]:
    framework = None if wanted.trust_framework is None else {"value": wanted.trust_framework}
    return {
        "verification": {"trust_framework": framework, "assurance_level": None, "time": None},
        "claims": {claim_name(registration, fact): None for fact in wanted.facts},
    }

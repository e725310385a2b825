"""``verified_claims``: facts about a person together with how they were verified, narrowed to what was asked.

The evidence itself (a document's number, a scan) is never given, only its kind. A wish that our verification
does not satisfy, say for another trust framework, is left out silently: the client sees that it got nothing,
not why. OpenID Connect for Identity Assurance 1.0 §5 and §6, its schema definition §5. Read next:
``userinfo``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from poreka.oidc.provider.claims_request import ClaimWish, VerifiedWish

CONSTRAINTS = frozenset({"value", "values", "max_age"})


class Unmet(Exception):
    """The wish cannot be met by what we have; it never leaves this module."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of evidence: ``electronic_record``, ``document``, ``vouch`` or ``electronic_signature``."""

    type: str
    record_type: str | None = None
    """For an ``electronic_record``: what register it stands in, such as ``bank_account``."""


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """How, when and by what rules the facts were verified."""

    trust_framework: str
    assurance_level: str | None = None
    """How surely the identity was verified; not how strong the sign-in was, which is ``acr``."""
    policy: str | None = None
    procedure: str | None = None
    time: int | None = None
    """When the identity was verified, in seconds since the epoch; never when somebody signed in."""
    verification_process: str | None = None
    """A reference to the act of verification, by which we can find it again."""
    evidence: tuple[Evidence, ...] = ()


def verified_claims(
    wishes: Sequence[VerifiedWish],
    facts: Mapping[str, Any],
    verification: Verification,
    now: int,
) -> dict[str, Any] | list[dict[str, Any]] | None:
    """The value of ``verified_claims``: one object, an array for several, ``None`` where nothing is to be
    given.

    ``facts`` are only those the person consented to.
    """
    full = as_json(verification)
    given = [found for wish in wishes if (found := _one(wish, facts, full, now)) is not None]
    if not given:
        return None
    return given[0] if len(given) == 1 else given


def _one(wish: VerifiedWish, facts: Mapping[str, Any], verification: dict[str, Any], now: int) -> dict[str, Any] | None:
    try:
        narrowed_verification = narrowed(wish.verification, verification, now)
    except Unmet:
        return None
    claims = {
        name: facts[name] for name, asked in wish.claims.items() if name in facts and is_as_asked(asked, facts[name])
    }
    if not claims:
        return None
    # The schema wants the trust framework in every answer, whether it was asked for or not.
    framework = {"trust_framework": verification["trust_framework"]}
    return {"verification": framework | narrowed_verification, "claims": claims}


def is_as_asked(asked: ClaimWish | None, value: Any) -> bool:
    """Whether a fact has the value that was insisted on, if any (OpenID Connect Core §5.5.1)."""
    if asked is None:
        return True
    if asked.values is not None and value not in asked.values:
        return False
    return asked.value is None or asked.value == value


def as_json(verification: Verification) -> dict[str, Any]:
    """The whole ``verification`` element; what is not on record is not there, and so meets no condition."""
    full: dict[str, Any] = {"trust_framework": verification.trust_framework}
    if verification.assurance_level is not None:
        full["assurance_level"] = verification.assurance_level
    if verification.time is not None:
        full["time"] = datetime.fromtimestamp(verification.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    process = {"policy": verification.policy, "procedure": verification.procedure}
    if any(process.values()):
        full["assurance_process"] = {name: value for name, value in process.items() if value is not None}
    if verification.verification_process is not None:
        full["verification_process"] = verification.verification_process
    if verification.evidence:
        full["evidence"] = [_evidence(one) for one in verification.evidence]
    return full


def _evidence(evidence: Evidence) -> dict[str, Any]:
    record = {} if evidence.record_type is None else {"record": {"type": evidence.record_type}}
    return {"type": evidence.type, **record}


def narrowed(asked: Any, have: Any, now: int) -> Any:
    """What of ``have`` was asked for; raises ``Unmet`` where it breaks a condition (Identity Assurance §6.3,
    §6.4).
    """
    if asked is None or asked == {}:
        return have
    if isinstance(have, dict) and isinstance(asked, dict):
        return _narrowed_object(asked, have, now)
    if isinstance(have, list) and isinstance(asked, list):
        return _narrowed_list(asked, have, now)
    if isinstance(asked, dict) and _satisfied(asked, have, now):
        return have
    raise Unmet


def _narrowed_object(asked: dict[str, Any], have: dict[str, Any], now: int) -> dict[str, Any]:
    given = {}
    for name, wish in asked.items():
        if name in have:
            given[name] = narrowed(wish, have[name], now)
        elif isinstance(wish, dict) and (wish.get("essential") or not CONSTRAINTS.isdisjoint(wish)):
            raise Unmet
    return given


def _narrowed_list(asked: list[Any], have: list[Any], now: int) -> list[Any]:
    """Several wished-for elements mean "any of these" (Identity Assurance §6.4.1)."""
    given = []
    for element in have:
        for wish in asked:
            try:
                given.append(narrowed(wish, element, now))
            except Unmet:
                continue
            break
    if not given:
        raise Unmet
    return given


def _satisfied(asked: dict[str, Any], have: Any, now: int) -> bool:
    if "value" in asked and asked["value"] != have:
        return False
    if "values" in asked and not (isinstance(asked["values"], list) and have in asked["values"]):
        return False
    return "max_age" not in asked or _is_recent(asked["max_age"], have, now)


def _is_recent(max_age: Any, have: Any, now: int) -> bool:
    try:
        return bool(now - datetime.fromisoformat(have).timestamp() <= max_age)
    except (TypeError, ValueError):
        return False

"""The nonce a provider may want inside our DPoP proofs (RFC 9449, sections 8 and 9).

A provider that wants one refuses the first request and sends it; we repeat the request once. A provider
that refuses again is broken: without that limit two machines could go on like this for ever.
"""

import re

import msgspec

from poreka.oidc.relying_party.exchange import Answer, json_from, media_type
from poreka.oidc.relying_party.faults import ProviderFault

_NONCE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]{1,512}")
_DPOP_CHALLENGE = re.compile(r"(?:^|,)\s*dpop\s", re.IGNORECASE)
_NONCE_WANTED = re.compile(r'error\s*=\s*"?use_dpop_nonce"?', re.IGNORECASE)


class RetryWithNonce(msgspec.Struct, frozen=True, kw_only=True):
    """Build the same request once more: fresh identifiers, and this nonce in the proof."""

    nonce: str


def nonce_offered(answer: Answer) -> str | None:
    """The nonce to use in the next proof for this server, which may come with any answer (section 8.2)."""
    offered = answer.headers.get("dpop-nonce", "")
    return offered if _NONCE.fullmatch(offered) else None


def nonce_demanded(answer: Answer, *, retried: bool) -> RetryWithNonce | None:
    """Whether the answer says "again, with this nonce"; `retried` when it is the second attempt's answer."""
    if not _is_demand(answer):
        return None
    nonce = nonce_offered(answer)
    if retried or nonce is None:
        detail = "asked for a nonce twice" if retried else "asked for a nonce and sent none"
        raise ProviderFault("token_answer", "The provider keeps refusing our proof of possession.", detail)
    return RetryWithNonce(nonce=nonce)


def _is_demand(answer: Answer) -> bool:
    """An authorisation server says it in JSON (section 8), a resource server in a challenge (section 9)."""
    if answer.status == 401:
        challenge = answer.headers.get("www-authenticate", "")
        if _DPOP_CHALLENGE.search(challenge) and _NONCE_WANTED.search(challenge):
            return True
    if answer.status not in (400, 401) or media_type(answer) != "application/json":
        return False
    return json_from(answer.body, "token_answer").get("error") == "use_dpop_nonce"

"""Every key that signs or ever signed what lasts, as it is listed (docs/adr/0018).

Receipts of consents and statements of signatures are verified by them; relying parties need only /jwks.
"""

from typing import Any

from poreka.oidc.lasting.signature import LASTING_ALGORITHM, past_key_jwk
from poreka.provider.system import Provider


async def lasting_keys(provider: Provider) -> dict[str, Any]:
    """The JWK Set; a past key says when it signed, and whether it leaked."""
    await provider.key_ring.refresh()
    past = await provider.past_keys.all(LASTING_ALGORITHM)
    listed = {
        key.kid: past_key_jwk(
            key.public_jwk, used_from=key.used_from, used_until=key.used_until, leaked_at=key.leaked_at
        )
        for key in past
    }
    now = [jwk for jwk in provider.key_ring.published.published()["keys"] if jwk.get("alg") == LASTING_ALGORITHM]
    return {"keys": [jwk for jwk in now if jwk.get("kid") not in listed] + list(listed.values())}

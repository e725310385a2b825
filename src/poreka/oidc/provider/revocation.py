"""Token revocation: a client gives back a token before its time (RFC 7009).

The answer is 200 with an empty body whether there was something to revoke or not (§2.2), so that nobody
learns anything by trying. Withdrawing a consent revokes by grant, in the store; that is not here. Read next:
``end_session``.
"""

from poreka.oidc.provider.authorization_code import Grant
from poreka.oidc.provider.tokens import AccessToken


def grant_to_revoke(record: AccessToken | Grant | None, *, client_id: str) -> str | None:
    """The grant whose tokens are to be revoked; ``None`` for a token unknown or of another client (RFC 7009
    §2.1).

    Whichever token of a grant is given back, all of them end; ``token_type_hint`` changes nothing.
    """
    if record is None or record.client_id != client_id:
        return None
    return record.grant_id

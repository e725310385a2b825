"""What a refusal says about the registration that caused it: ``Registered scopes: openid profile.``

Whoever connects a service compares its configuration with what is registered here, so the refusal names that value. A
list ends after a few values. Nothing secret is among the fields: no hash of a secret, and of keys their names only.
RFC 6749 §4.1.2.1 and §5.2 say which characters a description may have.
"""

import re
from typing import Literal

from poreka.oidc.clients.client import Client

Field = Literal[
    "profile",
    "redirect_uris",
    "post_logout_redirect_uris",
    "token_endpoint_auth_method",
    "scopes",
    "grant_types",
    "jwks",
    "jwks_uri",
    "tls_subject",
    "require_pkce",
    "dpop_required",
    "require_signed_request_object",
    "backchannel_authentication_request_signing_alg",
    "authorization_details_types",
    "may_name_pesel",
]
MOST_NAMED, LONGEST_NAMED = 5, 200
_ADDRESSES = frozenset({"redirect_uris", "post_logout_redirect_uris"})
_NOT_ALLOWED = re.compile(r'[^\x20-\x7e]|["\\]')


def registered(client: Client, field: Field) -> str:
    """A sentence that names the registered value."""
    if client.sandbox and field in _ADDRESSES:
        return f"Registered {field}: any path and port of http://127.0.0.1 or http://[::1]."
    values = _values(client, field)
    named = ", ".join(_NOT_ALLOWED.sub("?", value)[:LONGEST_NAMED] for value in values[:MOST_NAMED]) or "none"
    more = f" and {len(values) - MOST_NAMED} more" if len(values) > MOST_NAMED else ""
    return f"Registered {field}: {named}{more}."


def _values(client: Client, field: Field) -> list[str]:
    value = getattr(client, field)
    match value:
        case None:
            return []
        case bool():
            return [str(value).lower()]
        case str():
            return [value]
        case dict():
            return [str(key.get("kid", "a key without kid")) for key in value.get("keys", ())]
        case frozenset():
            return sorted(value)
        case _:
            return list(value)

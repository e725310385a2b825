"""Sign-in begun at the provider's side: sending the browser to a client's own starting point (OpenID Connect
Core §4).

"Bank first" is nothing more than this: the client then makes its own request, as always, and no unsolicited
answer exists. Nothing about the person goes along, so there is no ``login_hint`` here at all. Read next:
``authorization_request``.
"""

from urllib.parse import urlencode

from poreka.oidc.clients.client import Client


def initiate_login_address(client: Client, issuer: str, *, target_link_uri: str | None = None) -> str | None:
    """The address to send the browser to; ``None`` for a client that cannot be entered this way."""
    if client.initiate_login_uri is None:
        return None
    parameters = {"iss": issuer}
    if target_link_uri is not None:
        parameters["target_link_uri"] = target_link_uri
    joint = "&" if "?" in client.initiate_login_uri else "?"
    return f"{client.initiate_login_uri}{joint}{urlencode(parameters)}"

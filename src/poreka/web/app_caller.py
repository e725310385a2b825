"""The back end of a provider's own app, where it calls the provider: known by the secret of the settings.

docs/app-requests.openapi.yaml is the contract.
"""

import hmac

from starlette.requests import Request

from poreka.oidc.errors import AnsweredAsJson
from poreka.web.systems import Bank


def check_app(request: Request, bank: Bank) -> None:
    """Only the app's back end knows the secret; compared in constant time. Raises `AnsweredAsJson`."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    right = bank.app_secret.encode()
    if not right or scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), right):
        headers = {"www-authenticate": "Bearer"}
        raise AnsweredAsJson("invalid_client", "The caller is not known.", status=401, headers=headers)

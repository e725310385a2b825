"""The back end of an app, where it calls us: known by a secret of the settings that only the two know.

At a provider the contract is docs/app-requests.openapi.yaml, between the patient account and its app
docs/patient-account.openapi.yaml.
"""

import hmac

from starlette.requests import Request

from poreka.oidc.errors import AnsweredAsJson
from poreka.provider.system import Bank


def check_app(request: Request, bank: Bank) -> None:
    """Only the provider's app knows its secret. Raises `AnsweredAsJson`."""
    check_caller(request, bank.app_secret)


def check_caller(request: Request, secret: str) -> None:
    """The caller shows this secret, in constant time; an empty one is nobody's. Raises `AnsweredAsJson`."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    right = secret.encode()
    if not right or scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), right):
        headers = {"www-authenticate": "Bearer"}
        raise AnsweredAsJson("invalid_client", "The caller is not known.", status=401, headers=headers)

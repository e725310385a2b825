"""Saying that a request needs a stronger sign-in than it came with (RFC 9470, OAuth 2.0 Step Up Authentication).

A program is told in a challenge which levels would do, and asks its provider for one of them (`acr_values`). A
person is shown a page instead; what it does is the same.
"""

from poreka.oidc.errors import RefusedBearer

ERROR = "insufficient_user_authentication"


def stronger_sign_in_needed(*acr_values: str) -> RefusedBearer:
    """The refusal with its challenge (§3): status 401, and the levels that would do, the preferred one first."""
    told = {"acr_values": " ".join(acr_values)}
    return RefusedBearer(ERROR, "A stronger sign-in is needed.", parameters=told)

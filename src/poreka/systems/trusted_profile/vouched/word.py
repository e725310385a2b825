"""The question to a provider on whose word a trusted profile is made (T1): a new sign-in, and a new answer.

What is made on it becomes the person in the eyes of every service, so neither a session that is open there nor a
consent that is remembered answers it: `prompt=login consent`, `max_age=0` (OpenID Connect Core 1.0 §3.1.2.1). A
mere sign-in through the provider asks for neither.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.authorization import PendingSignIn
from poreka.relying.relied_on import ReliedOn
from poreka.relying.sign_in.set_out import go_to
from poreka.rules.levels import Level
from poreka.systems.trusted_profile.system import TrustedProfileSystem


async def ask_anew(request: Request, pz: TrustedProfileSystem, provider: ReliedOn, target: str) -> Response:
    """Send the browser to the provider; `target` is where it goes once there is a profile."""
    return await go_to(
        request, pz.relying, provider, target=target, level=Level.SUBSTANTIAL, max_age=0, consent_anew=True
    )


def was_asked_anew(pending: PendingSignIn) -> bool:
    """Whether the provider's word answers that question."""
    return pending.consent_anew and pending.max_age == 0

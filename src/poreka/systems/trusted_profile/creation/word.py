"""POST /new/{journey}/word: the provider is asked again for its word, which has waited for more than five minutes.

A sign-in there no older than the one it vouched for will do. What was typed and confirmed waits meanwhile; the way
back is `systems/trusted_profile/vouched/come_back.py`.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.jwt_claims import SIGN_IN_SKEW
from poreka.relying.sign_in.set_out import go_to
from poreka.rules.anothers_word import age_of_same
from poreka.rules.levels import Level
from poreka.systems.trusted_profile.creation.under_way import load
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound


async def ask_again(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /new/{journey}/word."""
    await read_form(request, pz)
    making = await load(request, pz)
    by = making.record.vouched
    if making.stands != "word" or by is None:
        return redirect(request, pz, making.address)
    provider = pz.relying.relied_on.get(by.provider)
    if provider is None or not provider.open:
        raise PageNotFound
    max_age = age_of_same(by.auth_time, pz.clock(), SIGN_IN_SKEW)
    return await go_to(request, pz.relying, provider, target=making.address, level=Level.SUBSTANTIAL, max_age=max_age)

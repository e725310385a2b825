"""GET and POST /password: a recovery begins, for a user name or an e-mail that exists or not.

The name is counted before it is looked up, whether it is anybody's; an unknown one gets an operation whose code goes to
nobody. Names by their e-mail and by their user name are counted apart; what is sent to one profile is limited by
`rules/authorising/operation.py` and the day's codes.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.codes.counted_tries import count_for_name, sign_in_subject, wait_text
from poreka.codes.mail_code import begin_with_code, code_letter
from poreka.rules.limits.attempts import Allowed
from poreka.systems.trusted_profile.rules.recovery import ProfileRecoveryState
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show

KIND, LIFE = "profile_recovery", 30 * 60
LONGEST = 254


async def ask_name(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /password."""
    return _page(request, pz, "", None)


async def send_name(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /password."""
    fields = await read_form(request, pz, "name")
    typed, texts = fields["name"].strip().lower(), texts_of(request, pz)
    if not typed or len(typed) > LONGEST:
        return _page(request, pz, typed[:LONGEST], texts("trusted.recovery.empty"))
    allowed = await count_for_name(request, pz, "password code", typed, sign_in_subject(pz, typed))
    if not isinstance(allowed, Allowed):
        return _page(request, pz, typed, wait_text(texts, allowed))
    owned = await pz.profiles.named(typed)
    return redirect(request, pz, f"/password/{await _begin(request, pz, owned)}")


async def _begin(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile | None) -> str:
    expires_at = pz.clock() + LIFE
    recipient, account = (owned.email, owned.id) if owned else (None, None)

    def state(operation_id: str) -> ProfileRecoveryState:
        return ProfileRecoveryState(
            expires_at=expires_at,
            account=account,
            email=recipient,
            phone=owned.phone if owned else None,
            password_hash=owned.password_hash if owned else None,
            operation_id=operation_id,
        )

    letter = code_letter(pz, texts_of(request, pz), "recovery", recipient, account)
    return await begin_with_code(request, pz, KIND, LIFE, letter, state)


def _page(request: Request, pz: TrustedProfileSystem, name: str, wrong: str | None) -> Response:
    return show(
        request,
        pz,
        "systems/trusted_profile/recovery/asked.html",
        name=name,
        errors=FormErrors({"name": wrong} if wrong else {}),
    )

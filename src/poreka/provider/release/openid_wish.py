"""What an OpenID Connect request wishes, as a `Wish`: its scopes, claims, prompts and levels in no protocol's words.

Pure. The level is an argument, because which levels can be asked for is the provider's own list.
"""

from poreka.oidc.provider.authorization_request import AuthorizationRequest
from poreka.oidc.provider.claims_request import requested_claims
from poreka.oidc.trusted_signature import SignatureRequest
from poreka.provider.document_signing import document_shown
from poreka.provider.rules.released_facts import facts_asked
from poreka.provider.rules.wish import SignatureWish, Wish
from poreka.rules.levels import Level


def wish_of(asked: AuthorizationRequest, level: Level) -> Wish:
    """The wish of a request that was found good."""
    return Wish(
        service=asked.client_id,
        facts=facts_asked(asked.scopes, requested_claims(asked.scopes, asked.claims)),
        level=level,
        max_age=asked.max_age,
        sign_in_anew="login" in asked.prompt or "select_account" in asked.prompt or asked.max_age == 0,
        consent_anew="consent" in asked.prompt,
        silent="none" in asked.prompt,
        signature=_signature(asked.signature),
        languages=asked.ui_locales,
    )


def _signature(asked: SignatureRequest | None) -> SignatureWish | None:
    return SignatureWish(summary=asked.summary, document=document_shown(asked)) if asked else None

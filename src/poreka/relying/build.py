"""Building what every relying system has: the providers it relies on, and what it remembers of them.

A system's own key pair, by which it proves itself to providers, is kept like a provider's signing key; its public half
is published at /jwks, where providers fetch it (`jwks_uri`).
"""

from typing import Any

from poreka.oidc.relying_party.registration import ClaimNames, Registration, VerifiedRequest
from poreka.outgoing.back_channel import BackChannel
from poreka.relying.provider_documents import ProviderDocuments
from poreka.relying.relied_on import ReliedOn
from poreka.relying.settings import ProviderChoice
from poreka.relying.store.federated_identities import FederatedIdentities
from poreka.relying.store.federated_sessions import FederatedSessions
from poreka.relying.store.pending_sign_ins import PendingSignIns
from poreka.running.foundation import Foundation


def relying_parts(
    base: Foundation,
    choices: tuple[ProviderChoice, ...],
    back_channel: BackChannel,
    *,
    minimum_acr: str,
    allow_http: bool,
) -> dict[str, Any]:
    """What every relying system has: the providers it relies on, and what it remembers of them; but for its keys."""
    database, seal, fresh = base.database, base.seal, base.fresh
    relied_on = {choice.key: _relied_on(choice, minimum_acr, base.settings.system.origin) for choice in choices}
    registrations = {one.registration.issuer: one.registration for one in relied_on.values()}
    return {
        "relied_on": relied_on,
        "back_channel": back_channel,
        "documents": ProviderDocuments(registrations, back_channel.get, base.clock, allow_http=allow_http),
        "pending_sign_ins": PendingSignIns(database, seal, fresh),
        "federated_identities": FederatedIdentities(database),
        "federated_sessions": FederatedSessions(database, seal, fresh),
    }


def _relied_on(choice: ProviderChoice, minimum_acr: str, origin: str) -> ReliedOn:
    fapi2 = choice.profile == "fapi2"
    registration = Registration(
        issuer=choice.issuer,
        client_id=choice.client_id,
        redirect_uri=f"{origin}/callback/{choice.key}",
        profile=choice.profile,
        client_authentication="private_key_jwt" if fapi2 else "client_secret_basic",
        scopes=choice.scopes,
        claims=("given_name", "family_name", "pesel") if fapi2 else ("given_name", "family_name"),
        verified=VerifiedRequest() if fapi2 and choice.verified else None,
        claim_names=ClaimNames(pesel=choice.pesel_claim),
        minimum_acr=minimum_acr,
        use_par=fapi2,
        use_dpop=fapi2,
        userinfo_signed_required=fapi2,
        post_logout_redirect_uri=f"{origin}/signed-out",
        pinged=choice.pings,
    )
    return ReliedOn(
        key=choice.key,
        name=choice.name,
        registration=registration,
        secret=choice.client_secret or None,
        open=choice.open,
        kind=choice.kind,
    )

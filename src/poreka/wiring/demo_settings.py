"""How the demonstration's settings change when somebody adds a provider to it (`poreka demo --bank FILE`).

Everyone who relies on providers relies on the added ones, too.
"""

import msgspec

from poreka.relying_settings import ProviderChoice
from poreka.settings import Settings


def with_providers(settings: Settings, banks: list[Settings]) -> Settings:
    """A portal, or the trusted profile, that also relies on these."""
    more = tuple(
        ProviderChoice(key=one.key, name=one.name, issuer=one.origin, client_id=settings.system.key)
        for one in (bank.system for bank in banks)
    )
    if settings.portal is not None:
        portal = msgspec.structs.replace(settings.portal, providers=(*settings.portal.providers, *more))
        return msgspec.structs.replace(settings, portal=portal)
    if settings.trusted_profile is not None:
        profile = settings.trusted_profile
        profile = msgspec.structs.replace(profile, providers=(*profile.providers, *more))
        return msgspec.structs.replace(settings, trusted_profile=profile)
    return settings

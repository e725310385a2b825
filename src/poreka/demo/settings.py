"""How the demonstration's settings change when somebody adds a provider to it (`poreka demo --bank FILE`).

Everyone who relies on providers relies on the added ones, too.
"""

from collections.abc import Sequence

import msgspec

from poreka.relying.settings import ProviderChoice
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.web.settings.every_kind import CommonSettings


def with_providers(settings: CommonSettings, banks: Sequence[CommonSettings]) -> CommonSettings:
    """A portal, or the trusted profile, that also relies on these."""
    more = tuple(
        ProviderChoice(key=one.key, name=one.name, issuer=one.origin, client_id=settings.system.key)
        for one in (bank.system for bank in banks)
    )
    if isinstance(settings, PortalSettings):
        portal = msgspec.structs.replace(settings.portal, providers=(*settings.portal.providers, *more))
        return msgspec.structs.replace(settings, portal=portal)
    if isinstance(settings, TrustedProfileSettings):
        profile = settings.trusted_profile
        profile = msgspec.structs.replace(profile, providers=(*profile.providers, *more))
        return msgspec.structs.replace(settings, trusted_profile=profile)
    return settings

"""What a desk is made of: its clerks with their keys, and its way to the trusted profile.

Built in `build.py`.
"""

from dataclasses import dataclass

from poreka.relying.system import Relying
from poreka.running.key_ring import KeyRing
from poreka.systems.desk.office_over_http import ProfileOffice
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.desk.store.clerk_keys import ClerkKeys
from poreka.systems.desk.store.clerks import Clerks
from poreka.web.system import System


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSystem(System):
    """A desk: its clerks with their keys, and its way to the trusted profile, where everything else is."""

    settings: DeskSettings
    clerks: Clerks
    clerk_keys: ClerkKeys
    office: ProfileOffice
    relying: Relying | None = None  # this same system as a relying party, where it may ask owners in the app

    def own_keys(self) -> KeyRing | None:
        """Those by which it proves itself to the trusted profile; None where it asks nobody."""
        return self.relying.key_ring if self.relying else None

    async def person_named(self, name: str) -> str | None:
        """A clerk, by login."""
        clerk = await self.clerks.by_login(name.strip().lower())
        return clerk.id if clerk else None

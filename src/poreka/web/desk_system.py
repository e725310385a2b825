"""What a desk is made of: its clerks with their keys, and its way to the trusted profile.

Built in `wiring/desk.py`.
"""

from dataclasses import dataclass

from poreka.desk_settings import DeskSettings
from poreka.store.clerk_keys import ClerkKeys
from poreka.store.clerks import Clerks
from poreka.web.key_ring import KeyRing
from poreka.web.profile_office import ProfileOffice
from poreka.web.relying_system import Relying
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

"""Gathering what `systems.portal.rules.admission` decides by: the profile, the register's entry, the terms in force.

The profile is the one the provider's `sub` is known for, else the one with the released PESEL. So a PESEL
that a bank has changed meanwhile is seen as a difference, not as a stranger (Z5). It is decided anew at every
request: what another tab did in between counts.
"""

from dataclasses import dataclass

from poreka.systems.portal.entry.under_way import about
from poreka.systems.portal.pages.closing import close_if_lapsed
from poreka.systems.portal.rules.admission import Admission, Differs, admit, admit_by_password, may_end
from poreka.systems.portal.rules.entry import EntryState, with_admission
from poreka.systems.portal.rules.entry_record import ByOwnMeans, ByPassword, ByProvider, Person, WithFacts
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.failures import StalePage


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision, what it makes of the journey, and the profile it is about (None: there is none yet). `may_end`: it
    is one that nobody proved, and the person may end it."""

    admission: Admission
    state: EntryState
    profile: Profile | None
    may_end: bool = False


async def decide(system: Portal, state: EntryState, person: Person) -> Decided:
    """Decide about an entry by what is stored now."""
    if isinstance(person, ByOwnMeans):
        owned = await system.profiles.by_id(person.profile_id)
        if owned is None or not await _still_proves(system, person, owned):
            raise StalePage("sign_in_stale")  # the password or key it began with has gone since: begin anew
        if await close_if_lapsed(system, owned):
            raise StalePage("sign_in_stale")
        admission: Admission = admit_by_password(owned.profile, about(system).terms_version)
        return Decided(admission, with_admission(state, admission), owned)
    profile = await _profile_of(system, person)
    if profile is not None and await close_if_lapsed(system, profile):
        profile = None
    insured = await system.register.find(person.facts.pesel)
    admission = admit(
        person.facts,
        level=person.level,
        profile=profile.profile if profile else None,
        register_entry=insured.facts if insured else None,
        terms_version=about(system).terms_version,
    )
    ours, theirs = profile.profile if profile else None, insured.facts if insured else None
    ends = isinstance(admission, Differs) and may_end(person.facts, ours, theirs)
    return Decided(admission, with_admission(state, admission), profile, ends)


async def _still_proves(system: Portal, person: ByOwnMeans, owned: Profile) -> bool:
    if isinstance(person, ByPassword):
        return owned.password_hash == person.password_hash
    key = await system.passkeys.by_id(person.passkey) if system.passkeys else None
    return key is not None and key.person_id == owned.id


async def _profile_of(system: Portal, person: WithFacts) -> Profile | None:
    if not isinstance(person, ByProvider):
        return await system.profiles.by_pesel(person.facts.pesel)
    known = await system.federated_identities.person_of(person.issuer, person.subject)
    profile = await system.profiles.by_id(known) if known is not None else None
    return profile or await system.profiles.by_pesel(person.facts.pesel)

"""What an entry changes in a profile, and the events that say so. Nothing is saved here: `entering.py` does.

A profile made through a provider or with a certificate is trusted from the start; an untrusted one becomes trusted
(Z3, Z5). The acceptance of the regulations carries the version that was on the page.
"""

from dataclasses import dataclass, replace

import msgspec

from poreka.audit.events import Event, ProfileCreated, ProfileTrusted, SettingsChanged, TermsAccepted
from poreka.rules.people.contact import Email
from poreka.rules.people.phone_number import Phone
from poreka.store.database import Stale
from poreka.systems.portal.rules.entry_record import WithFacts
from poreka.systems.portal.rules.profile import NotPossible, PortalProfile, ProfileState, trust
from poreka.systems.portal.rules.terms import Acceptance
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.store.terms_acceptances import TermsAcceptance


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The profile before (None: a new one) and after, what was accepted, and the events for the audit log."""

    before: Profile | None
    after: Profile
    acceptance: TermsAcceptance | None = None
    events: tuple[Event, ...] = ()
    made_trusted: bool = False

    @property
    def password_ended(self) -> bool:
        """Whether a password that was good before is worth nothing now."""
        return self.before is not None and self.before.login is not None and self.after.login is None


def no_changes(profile: Profile) -> Changes:
    """The changes of an entry that leaves the profile as it is: the person goes straight in (Z4)."""
    return Changes(before=profile, after=profile)


def new_profile(profile_id: str, person: WithFacts, phone: Phone | None, email: Email, accepted: Acceptance) -> Changes:
    """The first entry makes a trusted profile (Z3)."""
    rule = PortalProfile(
        facts=person.facts,
        state=ProfileState.TRUSTED,
        terms_version=accepted.version,
        trusted_by=person.issuer,
        trusted_at=accepted.accepted_at,
    )
    made = Profile(
        id=profile_id,
        profile=rule,
        phone=phone,
        email=email,
        electronic_information=accepted.electronic_information,
        created_at=accepted.accepted_at,
    )
    created = ProfileCreated(person_id=profile_id, state=rule.state.value, issuer=person.issuer)
    acceptance, event = _acceptance(profile_id, accepted)
    return Changes(before=None, after=made, acceptance=acceptance, events=(created, event))


def trusted_by(changes: Changes, issuer: str, now: int, *, by_owner: bool) -> Changes:
    """`changes`, and the untrusted profile becomes trusted (Z5); raises `Stale` when it cannot (any more).

    Somebody else may have registered it, so its login and password end, unless `by_owner`: unless the person was signed
    in with them in this very browser.
    """
    rule = trust(changes.after.profile, issuer, now)
    if isinstance(rule, NotPossible):
        raise Stale("profiles")
    event = ProfileTrusted(person_id=changes.after.id, issuer=issuer)
    after = replace(changes.after, profile=rule)
    if not by_owner:
        after = replace(after, login=None, password_hash=None)
    return replace(changes, after=after, events=(*changes.events, event), made_trusted=True)


def with_contact(changes: Changes, phone: Phone | None, email: Email) -> Changes:
    """`changes`, and phone and e-mail as the person gives them now (Z5)."""
    so_far = changes.after
    after = replace(so_far, phone=phone, email=email)
    changed = tuple(name for name in ("phone", "email") if getattr(so_far, name) != getattr(after, name))
    events = (SettingsChanged(person_id=after.id, fields=changed),) if changed else ()
    return replace(changes, after=after, events=(*changes.events, *events))


def with_terms(changes: Changes, accepted: Acceptance) -> Changes:
    """`changes`, and the person accepted the regulations in force (Z4)."""
    rule = msgspec.structs.replace(changes.after.profile, terms_version=accepted.version)
    after = replace(changes.after, profile=rule, electronic_information=accepted.electronic_information)
    acceptance, event = _acceptance(after.id, accepted)
    return replace(changes, after=after, acceptance=acceptance, events=(*changes.events, event))


def _acceptance(profile_id: str, accepted: Acceptance) -> tuple[TermsAcceptance, TermsAccepted]:
    boxes: tuple[str, ...] = ("regulations", "contact_data")
    if accepted.electronic_information:
        boxes = (*boxes, "electronic_information")
    row = TermsAcceptance(
        profile_id=profile_id, terms_version=accepted.version, boxes=boxes, accepted_at=accepted.accepted_at
    )
    return row, TermsAccepted(person_id=profile_id, terms_version=accepted.version, boxes=boxes)

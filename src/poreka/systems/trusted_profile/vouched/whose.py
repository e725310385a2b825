"""Whether the person whom a bank vouches for is the owner of the profile with that PESEL, and the refusal if not.

Compared is the profile that is valid now, else the one that was proven last: a new profile is no way past the names of
the former one. The owner is told by e-mail, now and then, and the history shows it; the address tells nobody more than
that the data differ.
"""

from starlette.requests import Request

from poreka.audit.events import EntryRefused
from poreka.codes.counted_tries import count_sending
from poreka.relying.sign_in.returned import Returned
from poreka.rules.people.same_person import Judged, judge
from poreka.systems.trusted_profile.notices import notice
from poreka.systems.trusted_profile.rules.creation_record import VouchedBy
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of


async def judge_person(pz: TrustedProfileSystem, came: Returned, by: VouchedBy, owned: OwnedProfile | None) -> Judged:
    """By the facts, and by whose this issuer and `sub` were before."""
    known = owned or await pz.profiles.proven_of(came.facts.pesel)
    person_id = await pz.relying.federated_identities.person_of(by.issuer, by.subject)
    before = await pz.profiles.load(person_id) if person_id else None
    return judge(came.facts, known.profile.facts if known else None, before.profile.facts if before else None)


async def refuse_person(
    request: Request, pz: TrustedProfileSystem, came: Returned, owned: OwnedProfile | None, judged: Judged
) -> None:
    """Write it down, and tell the owner of the valid profile, but not so often that a mailbox is flooded."""
    letters = []
    if owned is not None and await count_sending(pz, "other person", owned.id):
        letters.append(notice(pz, texts_of(request, pz), owned, "other_person", provider=came.provider.name))
    event = EntryRefused(
        person_id=owned.id if owned else None,
        issuer=came.provider.registration.issuer,
        against="profile",
        differing=tuple(fact.value for fact in judged.differing),
    )
    await pz.audit.save(*letters, event=event)
    pz.wake_delivery()

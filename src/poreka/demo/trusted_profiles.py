"""The demonstration's trusted profiles: put in once, with the ends that the people's situations speak of.

Who has one: `presets/people.toml`.
"""

import datetime
from contextlib import suppress

from poreka.demo.people import Invented, PasswordHashes, TrustedProfileFacts
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.rules.warsaw_time import WARSAW, warsaw_day
from poreka.store.database import AlreadyThere
from poreka.systems.trusted_profile.rules.profile import YEARS, TrustedProfile, vouched
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.system import System

DAY = 24 * 3600


async def add_trusted_profiles(pz: System, people: list[Invented], hashes: PasswordHashes) -> None:
    """Give the people the trusted profiles they have or had, unless they have them."""
    if not isinstance(pz, TrustedProfileSystem):
        raise TypeError("trusted profiles are the trusted profile's")
    mine = [(person, person.trusted_profile) for person in people if person.trusted_profile is not None]
    if await pz.profiles.last_of(Pesel(mine[0][0].pesel)) is not None:
        return
    rows = []
    for person, facts in mine:
        made_by = next(iter(pz.relying.relied_on.values())).registration.issuer
        rows.append(
            pz.profiles.adding(
                OwnedProfile(
                    id=pz.fresh.id(),
                    profile=_profile(person, facts, made_by, pz.clock()),
                    user_name=facts.user_name,
                    password_hash=await hashes.of(facts.password),
                    phone=person.mobile,
                    email=person.email,
                )
            )
        )
    with suppress(AlreadyThere):  # another worker was quicker
        await pz.database.insert(*rows)


def _profile(person: Invented, facts: TrustedProfileFacts, made_by: str, now: int) -> TrustedProfile:
    facts_of = PersonFacts(first_name=person.first_name, surname=person.surname, pesel=Pesel(person.pesel))
    last = warsaw_day(now) + datetime.timedelta(days=facts.ends_in_days)
    made = datetime.datetime(last.year - YEARS, last.month, min(last.day, 28), 12, tzinfo=WARSAW)
    missing = last.day - made.day  # a 29th, 30th or 31st has no sure counterpart three years before
    return vouched(facts_of, made_by, int(made.timestamp()) + missing * DAY)

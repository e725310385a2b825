"""A new trusted profile beside the one that its owner had before, whether a bank or a clerk stands for it (T1).

The end of a profile and a new one together have the effect of a changed phone and address, so they are protected
alike: the phone of the earlier profile answers, or the new one vouches after a pause
(`systems/trusted_profile/rules/profile.py`); and whoever is reached at the earlier addresses hears of it in time.
"""

from dataclasses import replace

from poreka.rules.acts.act import Addresses
from poreka.rules.acts.table import ACTS
from poreka.rules.authorising.operation_message import sms_moment
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import Transaction
from poreka.store.outbox import Message
from poreka.systems.trusted_profile.notices import LIFE, notice
from poreka.systems.trusted_profile.rules.profile import after_earlier, waits
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.texts import Texts


def beside_former(pz: TrustedProfileSystem, new: OwnedProfile, former: OwnedProfile | None) -> OwnedProfile:
    """The new profile, put off where its phone is another; a forgotten password then waits, too."""
    if former is None:
        return new
    now, hours = pz.clock(), pz.settings.trusted_profile.new_profile_pause_hours
    rule = after_earlier(new.profile, former_phone=former.phone, phone=new.phone, now=now, hours=hours)
    other = (former.phone, former.email) != (new.phone, new.email)
    return replace(new.under(rule), contact_changed_at=now if other else new.contact_changed_at)


async def tell_former(
    pz: TrustedProfileSystem, texts: Texts, transaction: Transaction, new: OwnedProfile, former: OwnedProfile
) -> None:
    """Tell the earlier addresses that differ from the new ones, as the row says."""
    later = waits(new.profile, pz.clock())
    since = warsaw_moment(new.profile.valid_from or pz.clock())
    if former.email.lower() != new.email.lower():
        for told in ACTS["make_profile"].told:
            if told.to is Addresses.FORMER_PROFILE:
                kind = told.text.removeprefix("trusted.mail.")
                await transaction.insert(notice(pz, texts, former, kind, since=since))
    if later and former.phone:
        now = pz.clock()
        words = pz.texts["pl"]("trusted.sms.made_anew", system=pz.settings.system.name, since=sms_moment(since))
        message = Message(
            id=pz.fresh.id(),
            channel="sms",
            recipient=former.phone,
            body=words,
            about=f"profile:{former.id}",
            created_at=now,
            due_at=now,
            expires_at=now + LIFE,
        )
        await transaction.insert(pz.outbox.adding(message))

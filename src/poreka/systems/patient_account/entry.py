"""The account of somebody whom a provider vouched for, at the patient account or at its app: found, or made (K2).

There is no form: anyone with a PESEL has an account once they enter, whichever way. Who the account is found for must
be its person by all that was told (`rules/people/same_person.py`); a new surname is taken over only on the word of a
provider that vouched for this very account before.
"""

from poreka.audit.events import EntryRefused
from poreka.audit.record import Recorder
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.same_person import Judged, Verdict, judge
from poreka.store.database import Transaction
from poreka.systems.patient_account.events import PatientAccountMade, PatientAccountRenamed
from poreka.systems.patient_account.store.patient_accounts import PatientAccount
from poreka.systems.patient_account.system import PatientAccountSystem


async def account_of(
    system: PatientAccountSystem,
    transaction: Transaction,
    record: Recorder,
    facts: PersonFacts,
    issuer: str,
    linked: str | None,
) -> PatientAccount | Judged:
    """The person's account, or why it is not theirs; raises `AlreadyThere` when it is being made elsewhere now.

    `linked`: the account that this provider's person entered before, where one is known.
    """
    found = await system.accounts.by_pesel(facts.pesel, transaction)
    before = await system.accounts.load(linked, transaction) if linked else None
    judged = judge(facts, found.facts if found else None, before.facts if before else None)
    if judged.verdict is Verdict.UNKNOWN:
        made = PatientAccount(id=system.fresh.id(), facts=facts, created_at=system.clock())
        await transaction.insert(system.accounts.adding(made))
        await record(PatientAccountMade(person_id=made.id, issuer=issuer))
        return made
    if judged.verdict is not Verdict.SAME or found is None:
        owner, differing = found or before, tuple(fact.value for fact in judged.differing)
        refused = EntryRefused(
            person_id=owner.id if owner else None, issuer=issuer, against="account", differing=differing
        )
        await record(refused)
        return judged
    if judged.differing:
        found = await system.accounts.rename(transaction, found, facts)
        await record(PatientAccountRenamed(person_id=found.id, issuer=issuer))
    return found

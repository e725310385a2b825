"""The account of somebody whom a provider vouched for, at the patient account or at its app: found, or made (K2).

There is no form: anyone with a PESEL has an account once they enter, whichever way. The names are today's.
"""

from poreka.audit.patient_events import PatientAccountMade
from poreka.audit.record import Recorder
from poreka.rules.person import PersonFacts
from poreka.store.database import Transaction
from poreka.store.patient_accounts import PatientAccount
from poreka.web.systems import PatientAccountSystem


async def account_of(
    system: PatientAccountSystem, transaction: Transaction, record: Recorder, facts: PersonFacts, issuer: str
) -> PatientAccount:
    """The person's account, under the names of today; raises `AlreadyThere` when it is being made elsewhere now."""
    found = await system.accounts.by_pesel(facts.pesel, transaction)
    if found is None:
        found = PatientAccount(id=system.fresh.id(), facts=facts, created_at=system.clock())
        await transaction.insert(system.accounts.adding(found))
        await record(PatientAccountMade(person_id=found.id, issuer=issuer))
    elif found.facts != facts:
        found = await system.accounts.rename(transaction, found, facts)
    return found

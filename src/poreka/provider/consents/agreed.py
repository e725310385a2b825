"""Whether a person's standing consent covers what a relying party asks for where no page can ask the person (P6).

Facts are told only under a consent in force, for this very data set and text. What asks for no facts needs none. A
signature names its person by all three facts.
"""

from poreka.oidc.clients.client import Client
from poreka.oidc.provider.claims_request import claims_by_scope
from poreka.provider.consents.shown_text import hashes_now, text_version
from poreka.provider.rules.consent import AskedFacts, Remembered, recall, worded_facts
from poreka.provider.rules.released_facts import facts_asked
from poreka.provider.system import Bank
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact, in_order


def facts_by_scopes(client: Client, scopes: tuple[str, ...], *, signing: bool) -> tuple[Fact, ...]:
    """The facts that are asked for, out of those this client may have."""
    if signing:
        return tuple(Fact)
    asked = facts_asked(scopes, claims_by_scope(scopes))
    return in_order(fact for fact in asked if fact.value in client.releasable_claims)


async def agreed_to(bank: Bank, client: Client, person_id: str, scopes: tuple[str, ...], *, signing: bool) -> bool:
    """Whether it may be told now; a client of which people are asked every time has no standing consent."""
    facts = facts_by_scopes(client, scopes, signing=signing)
    if not facts:
        return True
    record = await bank.consents.in_force(person_id, client.client_id)
    consent = record.consent if record else None
    asked = AskedFacts(
        service=client.client_id,
        text_version=text_version(bank),
        text_hashes=hashes_now(bank, client, worded_facts(consent, facts)),
        facts=facts,
        level=Level.SUBSTANTIAL,
        every_time=client.consent_policy == "every_time",
    )
    return isinstance(recall(consent, asked), Remembered)

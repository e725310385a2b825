"""The tools with which the demonstration's people authorise at their banks, given to them once: code cards and apps.

Who has which stands in `presets/people.toml`; SMS needs nothing but a phone number (`people.py`).
"""

from poreka.delivery.letters import card_letter
from poreka.demo.people import Invented
from poreka.provider.store.customers import Customers
from poreka.provider.system import Bank
from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.tools import Held, Tool


async def add_cards(bank: Bank, people: list[Invented]) -> None:
    """Send code cards to those who authorise with one, unless they have one; the letter comes to their phone's page."""
    key, directory = bank.settings.system.key, Customers(bank.database, bank.seal, bank.fresh)
    for person in (one for one in people if key in (*one.customer.code_card_at, *one.customer.spare_card_at)):
        found = await directory.to_sign_in(person.customer.logins[key])
        customer = found[0] if found else None
        if customer is None or await bank.tools.cards(customer.id):
            continue
        card, now = CodeCard(id=bank.fresh.id(), serial=bank.fresh.digits(8)), bank.clock()
        letter = card_letter(bank.outbox, bank.keys.codes, card, customer.number, bank.fresh.id(), now)
        async with bank.database.transaction() as transaction:
            await transaction.insert(bank.tools.adding(customer.id, card, now), letter)
            if key in person.customer.code_card_at:
                await bank.tools.choose(transaction, customer.id, Tool.CARD)


async def add_apps(bank: Bank, people: list[Invented]) -> None:
    """Give the bank's app to those who have it, unless they have."""
    key, directory = bank.settings.system.key, Customers(bank.database, bank.seal, bank.fresh)
    for person in (one for one in people if key in one.customer.app_at + one.customer.second_app_at):
        found = await directory.to_sign_in(person.customer.logins[key])
        if found is None or await bank.tools.held(found[0].id):
            continue
        async with bank.database.transaction() as transaction:
            await bank.tools.hold(transaction, found[0].id, Held(tool=Tool.PUSH))
            if key in person.customer.app_at:
                await bank.tools.choose(transaction, found[0].id, Tool.PUSH)

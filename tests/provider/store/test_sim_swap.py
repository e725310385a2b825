from poreka.provider.rules.sim_swap import DAY, Kept, Replaced
from poreka.provider.store.sim_swap import DemoSimCards
from poreka.store.database import Database
from tests.support.engines import NOW


async def test_the_demonstrations_operator_knows_cards_that_were_replaced(database: Database) -> None:
    operator = DemoSimCards(database, lambda: NOW)
    await operator.replaced("600201088", NOW - DAY)
    await operator.replaced("600201088", NOW - 50 * DAY)  # told again at a later start: the first word stays
    assert await operator.ask("600201088", 3, "c") == Replaced()
    assert await operator.ask("600201088", 1, "c") == Kept()
    assert await operator.ask("600201011", 3, "c") == Kept()

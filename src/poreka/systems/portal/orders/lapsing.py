"""Orders that nobody signed in time: the row says so, with an entry in the audit log, within a minute or so.

Until then every reader tells it as it stands (`systems.portal.rules.order.as_of`), so nobody waits for this;
afterwards reports that read the table alone are right, too.
"""

from contextlib import suppress

from poreka.store.database import Stale
from poreka.systems.portal.order_events import OrderLapsed
from poreka.systems.portal.rules.order import OrderState, as_of
from poreka.systems.portal.system import Portal

MOST_AT_ONCE = 200


async def lapse_orders(portal: Portal) -> int:
    """Write down every order whose time has passed; returns how many there were."""
    lapsed = 0
    while found := await portal.orders.overdue(portal.clock(), MOST_AT_ONCE):
        for owned in found:
            after = as_of(owned.order, portal.clock())
            if after.state is not OrderState.LAPSED:
                return lapsed  # the clock was set back meanwhile: later
            with suppress(Stale):  # another worker is at it
                async with portal.audit.transaction() as (transaction, record):
                    await portal.orders.end(transaction, owned.id, after)
                    await record(OrderLapsed(person_id=owned.profile_id, order_id=owned.id))
                lapsed += 1
    return lapsed

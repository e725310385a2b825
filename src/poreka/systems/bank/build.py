"""Building a bank: the provider's stores, keys and senders, and its table of contents.

Read next: `routes.py` for what it answers, `provider/system.py` for what it is made of.
"""

import ssl

from poreka.delivery.sender import Senders
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.provider.authorising.open_sim_swap import open_sim_swap
from poreka.provider.build import logout_sender, notice_channels, vouching_parts
from poreka.provider.customers.open import open_directory
from poreka.provider.store.returning import Returning
from poreka.provider.system import Bank
from poreka.rules.levels import Level
from poreka.running.foundation import FoundationOf
from poreka.running.running import Running, delivery_worker, run_beside, system_parts
from poreka.running.senders import app_secret
from poreka.store.passkeys import Passkeys
from poreka.systems.bank import routes as app
from poreka.systems.bank.settings import BankSettings
from poreka.web.application import Application

LEVELS = (Level.LOW, Level.SUBSTANTIAL)


async def build_bank(
    base: FoundationOf[BankSettings], senders: Senders, reach: Reach, tls: ssl.SSLContext | None = None
) -> Running:
    """A bank that answers; `senders` are those of its messages to people; `tls` whom the back channel trusts."""
    all_senders = dict(senders)
    worker = delivery_worker(base, all_senders)
    parts = system_parts(base, worker, app.navigation(base.settings), app.FOOTER)
    back_channel = BackChannel(reach, tls=tls)
    customers = await open_directory(base, parts["passwords"], reach)
    sim_swap = await open_sim_swap(base, reach)
    bank = Bank(
        **parts,
        **vouching_parts(base, parts, back_channel, LEVELS, app_secret(base)),
        customers=customers.directory,
        returning=Returning(base.database, parts["sessions"], customers.own),
        sim_swap=sim_swap.asked,
        inside=app.INSIDE,
        notices_by=notice_channels(base.settings, "sms", "email"),
        passkeys=Passkeys(base.database) if base.settings.has_passkeys else None,
    )
    await bank.key_ring.refresh()
    all_senders["logout"] = (logout_sender(bank, back_channel),)
    running = Running(bank, Application(bank, app.ROUTES, app.turn_away))
    if bank.mutual_tls is not None:
        running.also_at[bank.mutual_tls.origin] = running.application
    running.closing.extend((back_channel.aclose, *customers.closing, *sim_swap.closing))
    return run_beside(running, worker)

"""Building the patient account's phone app: the relying side's stores and keys, the bound devices, the account asked.

Read next: `routes.py` for what it answers, `system.py` for what it is made of.
"""

import ssl

from poreka.delivery.sender import Senders
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.relying.build import relying_parts
from poreka.rules.levels import Level
from poreka.running.foundation import FoundationOf
from poreka.running.running import Running, delivery_worker, own_keys, run_beside, system_parts
from poreka.running.senders import long_secret
from poreka.systems.mojeikp import routes as app
from poreka.systems.mojeikp.account_over_http import AccountOverHttp
from poreka.systems.mojeikp.settings import MojeikpSettings
from poreka.systems.mojeikp.store.bindings import Bindings
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.application import Application


async def build_mojeikp(
    base: FoundationOf[MojeikpSettings], senders: Senders, reach: Reach, tls: ssl.SSLContext | None = None
) -> Running:
    """The app, answering; `tls` says whom its back channel trusts."""
    settings = base.settings.mojeikp
    database, seal, fresh = base.database, base.seal, base.fresh
    worker = delivery_worker(base, senders)
    parts = system_parts(base, worker, app.NAVIGATION, app.FOOTER)
    keys = own_keys(base, parts["audit"])
    await keys.refresh()
    back_channel = BackChannel(reach, tls=tls)
    acr, http = Level.SUBSTANTIAL.acr, reach.allow_http
    token = long_secret(base.folder, settings.token_file, "mojeikp.token_file")
    system = Mojeikp(
        **parts,
        **relying_parts(base, settings.providers, back_channel, minimum_acr=acr, allow_http=http),
        key_ring=keys,
        bindings=Bindings(database, seal, fresh),
        account=AccountOverHttp(back_channel, settings.account, token, settings.seconds),
        devices_secret=long_secret(base.folder, settings.secret_file, "mojeikp.secret_file"),
    )
    running = Running(system, Application(system, app.ROUTES, app.turn_away))
    running.closing.append(back_channel.aclose)
    return run_beside(running, worker)

"""Building a desk: its clerks, their keys, and its way to the trusted profile.

Read next: `routes.py` for what it answers, `system.py` for what it is made of.
"""

import ssl
from typing import Any

from poreka.delivery.sender import Senders
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.relying.build import relying_parts
from poreka.relying.settings import ProviderChoice
from poreka.relying.system import Relying
from poreka.rules.levels import Level
from poreka.running.foundation import Foundation, FoundationOf
from poreka.running.running import Running, delivery_worker, own_keys, run_beside, system_parts
from poreka.running.senders import long_secret
from poreka.systems.desk import routes as app
from poreka.systems.desk.clerk import PROVIDER, guard
from poreka.systems.desk.office_over_http import ProfileOffice
from poreka.systems.desk.settings import DeskSettings, DeskTable
from poreka.systems.desk.store.clerk_keys import ClerkKeys
from poreka.systems.desk.store.clerks import Clerks
from poreka.systems.desk.system import DeskSystem
from poreka.web.application import Application


async def build_desk(
    base: FoundationOf[DeskSettings], senders: Senders, reach: Reach, tls: ssl.SSLContext | None = None
) -> Running:
    """The desk, answering; `tls` says whom its back channel trusts."""
    settings = base.settings.desk
    worker = delivery_worker(base, senders)
    back_channel, parts = BackChannel(reach, tls=tls), system_parts(base, worker, app.NAVIGATION, app.FOOTER)
    token = long_secret(base.folder, settings.token_file, "desk.token_file")
    system = DeskSystem(
        **parts,
        clerks=clerks_of(base),
        clerk_keys=ClerkKeys(base.database),
        office=ProfileOffice(back_channel, settings.trusted_profile, token, settings.seconds),
        relying=await _relying(base, parts, settings, back_channel, allow_http=reach.allow_http),
    )
    running = Running(system, Application(system, app.ROUTES, app.turn_away, guard))
    running.closing.append(back_channel.aclose)
    return run_beside(running, worker)


async def _relying(
    base: Foundation, parts: dict[str, Any], settings: DeskTable, back_channel: BackChannel, *, allow_http: bool
) -> Relying | None:
    """The desk as a relying party of the trusted profile, with a key of its own; None where it asks nobody."""
    if not settings.client_id:
        return None
    keys = own_keys(base, parts["audit"])
    await keys.refresh()
    choice = ProviderChoice(
        key=PROVIDER,
        name=settings.trusted_profile,
        issuer=settings.trusted_profile,
        client_id=settings.client_id,
        scopes=("openid",),
        verified=False,
        pings=settings.pings,
    )
    acr = Level.SUBSTANTIAL.acr
    relied_on = relying_parts(base, (choice,), back_channel, minimum_acr=acr, allow_http=allow_http)
    return Relying(**parts, **relied_on, key_ring=keys)


def clerks_of(base: Foundation) -> Clerks:
    """The clerks of a desk that was opened."""
    return Clerks(base.database, base.seal, base.fresh, base.keys.codes)

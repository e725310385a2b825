"""Building a desk: its clerks, their keys, and its way to the trusted profile.

Read next: `apps/desk.py` for what it answers, `web/systems.py` for what it is made of.
"""

import ssl

from poreka.apps import desk as app
from poreka.delivery.sender import Senders
from poreka.settings import SettingsError
from poreka.store.clerk_keys import ClerkKeys
from poreka.store.clerks import Clerks
from poreka.web.application import Application
from poreka.web.back_channel import BackChannel, Reach
from poreka.web.desk_clerk import guard
from poreka.web.profile_office import ProfileOffice
from poreka.web.systems import DeskSystem
from poreka.wiring.foundation import Foundation
from poreka.wiring.senders import long_secret
from poreka.wiring.system import Running, delivery_worker, run_beside, system_parts


async def build_desk(base: Foundation, senders: Senders, reach: Reach, tls: ssl.SSLContext | None = None) -> Running:
    """The desk, answering; `tls` says whom its back channel trusts."""
    settings = base.settings.desk
    if settings is None:
        raise SettingsError("desk: this table is missing")
    worker = delivery_worker(base, senders)
    back_channel = BackChannel(reach, tls=tls)
    token = long_secret(base.folder, settings.token_file, "desk.token_file")
    system = DeskSystem(
        **system_parts(base, worker, app.NAVIGATION, app.FOOTER),
        clerks=clerks_of(base),
        clerk_keys=ClerkKeys(base.database),
        office=ProfileOffice(back_channel, settings.trusted_profile, token, settings.seconds),
    )
    running = Running(system, Application(system, app.ROUTES, app.turn_away, guard))
    running.closing.append(back_channel.aclose)
    return run_beside(running, worker)


def clerks_of(base: Foundation) -> Clerks:
    """The clerks of a desk that was opened."""
    return Clerks(base.database, base.seal, base.fresh, base.keys.codes)

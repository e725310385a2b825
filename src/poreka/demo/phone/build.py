"""Building the demonstration's phones: everyone's messages, and the apps that banks ask.

The apps answer their banks as a back end of an app does, over HTTP.
"""

import ssl

from poreka.delivery.demo_messages import DemoMessages
from poreka.demo.phone import routes as app
from poreka.demo.systems import DemoPerson, Phone
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.running.foundation import Foundation
from poreka.running.running import Running, delivery_worker, run_beside, system_parts
from poreka.running.senders import app_secret
from poreka.systems.mobywatel.asker_over_http import PhoneApp
from poreka.web.application import Application


def build_phone(
    base: Foundation,
    people: tuple[DemoPerson, ...],
    banks: list[Foundation],
    reach: Reach,
    tls: ssl.SSLContext | None,
) -> Running:
    """The phones of these people, with the app of each bank that asks one."""
    worker, channel = delivery_worker(base, {}), BackChannel(reach, tls=tls)
    asked = ((bank.settings.system, app_secret(bank)) for bank in banks)
    phone = Phone(
        **system_parts(base, worker, app.NAVIGATION, app.FOOTER),
        people=people,
        messages=DemoMessages(base.database),
        apps={one.name: PhoneApp(channel, one.origin, secret) for one, secret in asked if secret},
    )
    running = Running(phone, Application(phone, app.ROUTES, app.turn_away), closing=[channel.aclose])
    return run_beside(running, worker)

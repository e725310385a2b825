"""Building the phone app: the back end of providers' push requests, and a provider whose people sign in by phone.

What its own people authorise here is asked on their phones too, through the same door as everyone's: the app is one of
its own askers. Read next: `routes.py` for what it answers, `system.py` for what it is made of.
"""

import hmac
import ssl

import msgspec

from poreka.delivery.http_push import HttpPush
from poreka.delivery.sender import Sender, Senders
from poreka.delivery.web_push import public_text, sender_key
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.provider.build import logout_sender, vouching_parts
from poreka.provider.store.returning import Returning
from poreka.rules.levels import Level
from poreka.running.foundation import Foundation, FoundationOf
from poreka.running.running import Running, delivery_worker, run_beside, system_parts
from poreka.running.senders import long_secret
from poreka.systems.mobywatel import routes as app
from poreka.systems.mobywatel.asker_known import AskerKnown
from poreka.systems.mobywatel.asker_over_http import PhoneApp
from poreka.systems.mobywatel.push_sender import CHANNEL as PUSH_CHANNEL
from poreka.systems.mobywatel.push_sender import PushSender
from poreka.systems.mobywatel.settings import MobywatelSettings, MobywatelTable
from poreka.systems.mobywatel.store.app_people import AppPeople
from poreka.systems.mobywatel.store.asked_requests import AskedRequests
from poreka.systems.mobywatel.store.cross_sign_ins import CrossSignIns
from poreka.systems.mobywatel.store.devices import Devices
from poreka.systems.mobywatel.store.enrolments import Enrolments
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.application import Application

LEVELS = (Level.SUBSTANTIAL,)
REMOVED = "/app/devices/removed"


async def build_mobywatel(
    base: FoundationOf[MobywatelSettings], senders: Senders, reach: Reach, tls: ssl.SSLContext | None = None
) -> Running:
    """The app's back end, answering; `tls` says whom its back channel trusts."""
    settings = base.settings.mobywatel
    all_senders, database, seal, fresh = dict(senders), base.database, base.seal, base.fresh
    worker = delivery_worker(base, all_senders)
    parts = system_parts(base, worker, app.NAVIGATION, app.FOOTER)
    back_channel = BackChannel(reach, tls=tls)
    push_key, push_channel = sender_key(base.keys.codes), BackChannel(_to_push_services(reach, settings), tls=tls)
    people, askers = AppPeople(database, seal, fresh), _askers(base, settings, back_channel)
    system = Mobywatel(
        **parts,
        **vouching_parts(base, parts, back_channel, LEVELS, _own_secret(base)),
        customers=people,
        returning=Returning(database, parts["sessions"], None),
        inside=app.INSIDE,
        questions_at=app.QUESTIONS,
        people=people,
        devices=Devices(database, seal, fresh),
        enrolments=Enrolments(database, seal, fresh, base.keys.codes),
        cross_sign_ins=CrossSignIns(database, seal, fresh, base.keys.codes),
        asked=AskedRequests(database, seal, fresh),
        askers=askers,
        push_key=public_text(push_key),
    )
    await system.key_ring.refresh()
    all_senders["logout"] = (logout_sender(system, back_channel),)
    all_senders["push"] = (_to_ourselves(base, askers, back_channel),)
    all_senders[PUSH_CHANNEL] = (PushSender(system.devices, push_channel.send, push_key, settings.contact, base.clock),)
    for asker in settings.askers:
        secret = long_secret(base.folder, asker.secret_file, "mobywatel.askers.secret_file")
        sender = HttpPush(back_channel.send, asker.origin + REMOVED, secret)
        all_senders[f"removed:{asker.key}"] = (sender,)
    running = Running(system, Application(system, app.ROUTES, app.turn_away))
    running.closing.extend((back_channel.aclose, push_channel.aclose))
    return run_beside(running, worker)


def _own_secret(base: Foundation) -> str:
    """With which the app's back end answers questions of this system's own: it answers itself."""
    return hmac.digest(base.keys.codes, b"the app's own back end", "sha256").hex()


def _to_push_services(reach: Reach, settings: MobywatelTable) -> Reach:
    """Subscriptions name addresses that browsers chose: https, and public ones, but for those of the settings."""
    return msgspec.structs.replace(reach, private_hosts=frozenset(settings.push_hosts))


def _askers(base: Foundation, settings: MobywatelTable, channel: BackChannel) -> dict[str, AskerKnown]:
    """The providers of the settings, and ourselves."""
    about = base.settings.system
    found = {
        asker.key: AskerKnown(
            key=asker.key,
            name=asker.name,
            token=long_secret(base.folder, asker.token_file, "mobywatel.askers.token_file"),
            answers=PhoneApp(
                channel,
                asker.origin,
                long_secret(base.folder, asker.secret_file, "mobywatel.askers.secret_file"),
            ),
        )
        for asker in settings.askers
    }
    token = hmac.digest(base.keys.codes, b"the app's own requests", "sha256").hex()
    own = PhoneApp(channel, about.origin, _own_secret(base))
    return {**found, about.key: AskerKnown(key=about.key, name=about.name, token=token, answers=own, enrols=False)}


def _to_ourselves(base: Foundation, askers: dict[str, AskerKnown], channel: BackChannel) -> Sender:
    about = base.settings.system
    return HttpPush(channel.send, f"{about.origin}/requests", askers[about.key].token)

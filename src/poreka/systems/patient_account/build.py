"""Building the patient account: the relying side's stores and keys, its accounts, and the records they show.

Read next: `routes.py` for what it answers, `system.py` for what it is made of.
"""

import ssl

from poreka.delivery.sender import Senders
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.relying.build import relying_parts
from poreka.rules.levels import Level
from poreka.running.foundation import Foundation, FoundationOf
from poreka.running.running import Running, delivery_worker, own_keys, run_beside, system_parts
from poreka.running.senders import long_secret
from poreka.systems.patient_account import routes as app
from poreka.systems.patient_account.app_over_http import DevicesOverHttp
from poreka.systems.patient_account.settings import PatientAccountSettings, PatientAccountTable
from poreka.systems.patient_account.store.health_records import HealthRecords
from poreka.systems.patient_account.store.patient_accounts import PatientAccounts
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.web.application import Application


async def build_patient_account(
    base: FoundationOf[PatientAccountSettings], senders: Senders, reach: Reach, tls: ssl.SSLContext | None = None
) -> Running:
    """The patient account, answering; `tls` says whom its back channel trusts."""
    settings = base.settings.patient_account
    database, seal, fresh = base.database, base.seal, base.fresh
    worker = delivery_worker(base, senders)
    navigation = tuple(item for item in app.NAVIGATION if settings.app or item.href != app.DEVICES)
    parts = system_parts(base, worker, navigation, app.FOOTER)
    keys = own_keys(base, parts["audit"])
    await keys.refresh()
    back_channel = BackChannel(reach, tls=tls)
    acr, http = Level.SUBSTANTIAL.acr, reach.allow_http
    system = PatientAccountSystem(
        **parts,
        **relying_parts(base, settings.providers, back_channel, minimum_acr=acr, allow_http=http),
        key_ring=keys,
        accounts=PatientAccounts(database, seal, fresh),
        health=HealthRecords(database, seal, fresh),
        app_token=_secret(base, settings.app_token_file, "patient_account.app_token_file"),
        app_devices=_app(base, settings, back_channel),
    )
    running = Running(system, Application(system, app.ROUTES, app.turn_away))
    running.closing.append(back_channel.aclose)
    return run_beside(running, worker)


def _app(base: Foundation, settings: PatientAccountTable, channel: BackChannel) -> DevicesOverHttp | None:
    """The back end of the account's phone app, if it has one."""
    if not settings.app:
        return None
    secret = _secret(base, settings.app_secret_file, "patient_account.app_secret_file")
    return DevicesOverHttp(channel, settings.app, secret, settings.seconds)


def _secret(base: Foundation, file: str, key: str) -> str:
    return long_secret(base.folder, file, key) if file else ""

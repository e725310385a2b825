"""Building the trusted profile: a provider like the banks, and at the same time a relying party of theirs.

Read next: `routes.py` for what it answers, `system.py` for what it is made of.
"""

import asyncio
import ssl
from typing import Any

import msgspec
import structlog

from poreka.delivery.http_push import HttpPush
from poreka.delivery.sender import Senders
from poreka.delivery.senders import Nobody
from poreka.oidc.provider.request_parameters import Supported
from poreka.oidc.trusted_signature import SIGNATURE_TYPE
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.provider.backchannel import Backchannel
from poreka.provider.build import logout_sender, notice_channels, vouching_parts
from poreka.provider.customers.checked_here import checked_here
from poreka.provider.differing_pages import WayIn
from poreka.provider.ping_sender import PingSender
from poreka.provider.store.backchannel_requests import BackchannelRequests
from poreka.provider.store.returning import Returning
from poreka.relying.build import relying_parts
from poreka.relying.system import Relying
from poreka.rules.levels import Level
from poreka.running.foundation import FoundationOf
from poreka.running.running import Running, delivery_worker, run_beside, system_parts
from poreka.running.senders import app_secret, long_secret
from poreka.store.outbox import NOBODY, PING
from poreka.systems.trusted_profile import routes as app
from poreka.systems.trusted_profile.desk_known import DeskKnown
from poreka.systems.trusted_profile.phones.registry_over_http import CHANNEL as PHONES_CHANNEL
from poreka.systems.trusted_profile.phones.registry_over_http import REMOVE_ALL, PhoneRegistry
from poreka.systems.trusted_profile.reminders import Reminding
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.systems.trusted_profile.signature.making import ProfileSigning
from poreka.systems.trusted_profile.store.profile_applications import ProfileApplications
from poreka.systems.trusted_profile.store.profile_proposals import ProfileProposals
from poreka.systems.trusted_profile.store.trusted_profiles import TrustedProfiles
from poreka.systems.trusted_profile.strong_session import ask_for_second_factor
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.application import Application

log = structlog.get_logger()
LOOK_EVERY_SECONDS = 60.0
LEVELS = (Level.SUBSTANTIAL,)  # a password alone opens nothing here (T3)


async def build_trusted_profile(
    base: FoundationOf[TrustedProfileSettings], senders: Senders, reach: Reach, tls: ssl.SSLContext | None = None
) -> Running:
    """The trusted profile, answering; `tls` says whom its back channel trusts."""
    settings = base.settings.trusted_profile
    all_senders = {**senders, NOBODY: (Nobody(),)}
    worker = delivery_worker(base, all_senders)
    navigation = tuple(item for item in app.NAVIGATION if settings.app or item.href != app.PHONES)
    parts = {**system_parts(base, worker, navigation, app.FOOTER), "person_menu": app.PERSON_MENU}
    back_channel = BackChannel(reach, tls=tls)
    vouching = vouching_parts(base, parts, back_channel, LEVELS, app_secret(base))
    vouching["supported"] = _more(vouching["supported"], app=bool(settings.app))
    acr, http = Level.SUBSTANTIAL.acr, reach.allow_http
    relied_on = relying_parts(base, settings.providers, back_channel, minimum_acr=acr, allow_http=http)
    profiles = TrustedProfiles(base.database, base.seal, base.fresh, base.clock)
    system = TrustedProfileSystem(
        **parts,
        **vouching,
        customers=await checked_here(profiles, parts["passwords"]),
        returning=Returning(base.database, parts["sessions"], None),
        inside=app.INSIDE,
        other_ways=tuple(WayIn(key=one.key, name=one.name) for one in settings.providers if one.open),
        owners_connect_apps=True,
        code_with_sign_in=True,
        notices_by=notice_channels(base.settings, "email"),
        profiles=profiles,
        applications=ProfileApplications(base.database, base.seal, base.fresh),
        proposals=ProfileProposals(base.database, base.seal, base.fresh, base.clock),
        desks=_desks(base),
        relying=Relying(**parts, **relied_on, key_ring=vouching["key_ring"]),
        signing=_signing(base, parts, vouching, profiles),
        backchannel=Backchannel(requests=BackchannelRequests(base.database, base.seal, base.fresh), people=profiles),
        phones=_phones(base, back_channel),
    )
    await system.key_ring.refresh()
    all_senders.update(_to_systems(base, system, back_channel, settings.app))
    running = Running(system, Application(system, app.ROUTES, app.turn_away, second_factor=ask_for_second_factor))
    if system.mutual_tls is not None:
        running.also_at[system.mutual_tls.origin] = running.application
    running.closing.append(back_channel.aclose)
    running.tasks.append(asyncio.create_task(_look_after_profiles(system)))
    return run_beside(running, worker)


def _more(supported: Supported, *, app: bool) -> Supported:
    """What it does beyond what a bank does: people sign documents, and are asked in the app where there is one."""
    details = frozenset({SIGNATURE_TYPE})
    return msgspec.structs.replace(supported, authorization_details_types=details, backchannel=app)


def _to_systems(
    base: FoundationOf[TrustedProfileSettings], system: TrustedProfileSystem, back_channel: BackChannel, app: str
) -> Senders:
    """Who sends what is no message to a person: to relying parties, and to the app where there is one."""
    senders: Senders = {"logout": (logout_sender(system, back_channel),), PING: (PingSender(back_channel.send),)}
    if not app:
        return senders
    token = long_secret(base.folder, base.settings.push.token_file, "push.token_file")
    return {**senders, PHONES_CHANNEL: (HttpPush(back_channel.send, app + REMOVE_ALL, token),)}


def _signing(
    base: FoundationOf[TrustedProfileSettings],
    parts: dict[str, Any],
    vouching: dict[str, Any],
    profiles: TrustedProfiles,
) -> ProfileSigning:
    """Who states what owners signed."""
    return ProfileSigning(
        settings=base.settings,
        clock=base.clock,
        fresh=base.fresh,
        key_ring=vouching["key_ring"],
        texts=parts["texts"],
        outbox=parts["outbox"],
        operations=parts["operations"],
        profiles=profiles,
    )


def _phones(base: FoundationOf[TrustedProfileSettings], back_channel: BackChannel) -> PhoneRegistry | None:
    """The app that enrols owners' phones; it knows us by the token that requests are sent with."""
    about, push = base.settings.trusted_profile, base.settings.push
    if not about.app:
        return None
    token = long_secret(base.folder, push.token_file, "push.token_file")
    return PhoneRegistry(back_channel, about.app, token)


def _desks(base: FoundationOf[TrustedProfileSettings]) -> tuple[DeskKnown, ...]:
    """The desks of the settings, each with its secret."""
    return tuple(
        DeskKnown(
            key=one.key,
            name=one.name,
            client_id=one.client_id,
            token=long_secret(base.folder, one.token_file, "trusted_profile.desks.token_file"),
        )
        for one in base.settings.trusted_profile.desks
    )


def reminding(system: TrustedProfileSystem) -> Reminding:
    """Who reminds the owners; in Polish, as the language of an owner is not known."""
    name, texts = system.settings.system.name, system.texts["pl"]
    return Reminding(
        profiles=system.profiles,
        outbox=system.outbox,
        audit=system.audit,
        clock=system.clock,
        fresh_id=system.fresh.id,
        words=lambda owned, until: texts("trusted.mail.reminder", system=name, until=until, user_name=owned.user_name),
    )


async def _look_after_profiles(system: TrustedProfileSystem) -> None:
    """Now and then: write down which profiles have ended by themselves, and remind of those that will."""
    remind = reminding(system)
    while True:
        try:
            await system.profiles.end_overdue()
            await system.proposals.end_overdue(system.database)
            if await remind.round():
                system.wake_delivery()
        except Exception as error:  # tried again in a minute
            log.error("profiles not looked after", system=system.settings.system.key, exc_info=error)
        await asyncio.sleep(LOOK_EVERY_SECONDS)

"""Building a portal: the relying side's stores and keys, the providers it relies on, the register.

The portal's own key pair, by which it proves itself to providers, is kept like a provider's signing
key; its public half is published at /jwks, where providers fetch it (`jwks_uri`).
"""

import asyncio
import ssl
from pathlib import Path

import structlog

from poreka.delivery.sender import Senders
from poreka.delivery.senders import Nobody
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.relying.build import relying_parts
from poreka.running.foundation import FoundationOf, open_database
from poreka.running.real_clock import real_clock
from poreka.running.running import Running, delivery_worker, own_keys, run_beside, system_parts
from poreka.store.migrate import SchemaNotCurrent, missing, upgrade
from poreka.store.outbox import NOBODY
from poreka.store.passkeys import Passkeys
from poreka.systems.portal import routes as app
from poreka.systems.portal.certificate.build import build_certificate_door
from poreka.systems.portal.orders.lapsing import lapse_orders
from poreka.systems.portal.pages.closing import close_lapsed
from poreka.systems.portal.settings import REGISTER, PortalSettings, PortalTable
from poreka.systems.portal.store.certificate_hand_overs import CertificateHandOvers
from poreka.systems.portal.store.insured import InsuranceRegister, Insured
from poreka.systems.portal.store.kept_forms import KeptForms
from poreka.systems.portal.store.orders import Orders
from poreka.systems.portal.store.profile_count import ProfileCount
from poreka.systems.portal.store.profiles import Profiles
from poreka.systems.portal.store.questions import Questions
from poreka.systems.portal.store.terms_acceptances import TermsAcceptances
from poreka.systems.portal.system import Portal
from poreka.web.application import Application
from poreka.web.routes import Access
from poreka.web.settings.every_kind import SettingsError

log = structlog.get_logger()
LOOK_EVERY_SECONDS = 60.0


async def build_portal(
    base: FoundationOf[PortalSettings],
    senders: Senders,
    reach: Reach,
    register: InsuranceRegister,
    tls: ssl.SSLContext | None = None,
) -> Running:
    """A portal that answers; `tls` says whom its back channel trusts."""
    settings = _checked(base.settings.portal)
    database, seal, fresh = base.database, base.seal, base.fresh
    worker = delivery_worker(base, {**senders, NOBODY: (Nobody(),)})
    parts = system_parts(base, worker, app.NAVIGATION, app.FOOTER)
    keys = own_keys(base, parts["audit"])
    await keys.refresh()
    back_channel, door = BackChannel(reach, tls=tls), build_certificate_door(base, reach, tls)
    profiles = Profiles(database, seal, fresh)
    portal = Portal(
        **parts,
        **relying_parts(
            base, settings.providers, back_channel, minimum_acr=settings.minimum_acr, allow_http=reach.allow_http
        ),
        key_ring=keys,
        profiles=profiles,
        profile_count=ProfileCount(profiles),
        terms_acceptances=TermsAcceptances(database),
        kept_forms=KeptForms(database, seal, fresh),
        questions=Questions(database, seal, fresh),
        orders=Orders(database, seal, fresh),
        passkeys=Passkeys(database) if settings.passkeys else None,
        register=register,
        certificates=door[0] if door else None,
        hand_overs=CertificateHandOvers(database, seal, fresh),
    )
    running = Running(portal, Application(portal, app.ROUTES, app.turn_away, app.guard))
    running.closing.append(back_channel.aclose)
    if door:
        running.also_at[door[0].proxy.origin] = Application(portal, app.CERTIFICATE_ROUTES, app.turn_away)
        running.closing.append(door[1].aclose)
    running.tasks.append(asyncio.create_task(_look_after_profiles(portal)))
    return run_beside(running, worker)


async def _look_after_profiles(portal: Portal) -> None:
    """Now and then: close the untrusted profiles that nobody proved in time, and end the orders nobody signed."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        try:
            await close_lapsed(portal)
            await lapse_orders(portal)
        except Exception as error:  # tried again in a minute
            log.error("profiles not looked after", system=portal.settings.system.key, exc_info=error)


def _checked(settings: PortalTable) -> PortalTable:
    """A portal's own settings; a level for a page that is not there would protect nothing."""
    inside = (route.path for route in app.ROUTES if route.access is Access.PERSON and route.method == "GET")
    pages = ({path for path in inside if "{" not in path} | app.TABS) - {"/step-up"}
    for page in settings.page_levels:
        if page not in pages:
            raise SettingsError(f"portal.page_levels: there is no page {page!r}; there are {', '.join(sorted(pages))}")
    return settings


async def build_with_register(base: FoundationOf[PortalSettings], senders: Senders, reach: Reach) -> Running:
    """A portal to be served alone, with the insurance register that its settings name."""
    register = await _register(base, base.folder)
    running = await build_portal(base, senders, reach, register)
    running.closing.append(register.database.close)
    return running


async def _register(base: FoundationOf[PortalSettings], folder: Path) -> Insured:
    database = await open_database(base.settings.portal.register, folder, base.settings.system.database_connections)
    if base.settings.system.demo:
        await upgrade(database, REGISTER, real_clock())
    elif await missing(database, REGISTER):
        raise SchemaNotCurrent("the register's database is behind; run: poreka db upgrade")
    return Insured(database, base.seal, base.fresh)

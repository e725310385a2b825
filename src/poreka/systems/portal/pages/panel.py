"""The panel: who is signed in, which tabs they have, and a tile for each thing the portal will hold (Z7).

An untrusted profile has the general tab only: nobody has vouched that it is the person's own, so nothing of
the insurance register is shown to it. Tiles without content say so.
"""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.portal.catalogue import EXISTING_SERVICES
from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.insured import InsuredRole
from poreka.systems.portal.store.notices import published
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.failures import PageNotFound
from poreka.web.frame import show

TABS = tuple(role.value for role in InsuredRole)
TILES = {
    "messages": "/documents",
    "notices": "/notices",
    "services": "/catalogue",
    "inbox": "/documents",
    "family": "/family",
    "orders": "/orders",
    "visits": "/visits",
}
UNTRUSTED_TILES = ("notices", "services")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Whose panel it is, and which tabs it has besides the general one."""

    profile: Profile
    roles: tuple[InsuredRole, ...]
    known: bool  # to the insurance register

    @property
    def trusted(self) -> bool:
        """Whether anyone vouched for the profile."""
        return self.profile.profile.state is ProfileState.TRUSTED

    @property
    def tabs(self) -> tuple[str, ...]:
        """Everyone trusted has the tab of the insured; the others are for those who are."""
        if not self.trusted:
            return ()
        wanted = {InsuredRole.INSURED, *self.roles}
        return tuple(role.value for role in InsuredRole if role in wanted)


async def load_panel(system: Portal, session: Session) -> Panel:
    """The panel of a session's person."""
    profile = await system.profiles.by_id(session.person_id)
    if profile is None:
        raise LookupError("a session without its profile")
    found = None
    if profile.profile.state is ProfileState.TRUSTED:
        found = await system.register.find(profile.profile.facts.pesel)
    return Panel(profile=profile, roles=found.roles if found else (), known=found is not None)


def counts(notices: int, orders: int) -> dict[str, int]:
    """How much there is behind each tile; most of it comes with later versions."""
    return dict.fromkeys(TILES, 0) | {"notices": notices, "services": len(EXISTING_SERVICES), "orders": orders}


async def show_panel(request: Request, system: Portal, session: Session) -> Response:
    """GET /dashboard."""
    panel = await load_panel(system, session)
    waiting = await system.kept_forms.waiting(
        secret_hash(browser_of(request, system)), session.person_id, system.clock()
    )
    shown = tuple(TILES) if panel.trusted else UNTRUSTED_TILES
    return show(
        request,
        system,
        "systems/portal/pages/general.html",
        session=session,
        trusted=panel.trusted,
        made_trusted=panel.trusted and request.query_params.get("notice") == "trusted",
        tabs=tabs(request, system, panel, "general"),
        tiles=_tiles(request, system, shown, await system.orders.waiting(session.person_id, system.clock())),
        waiting=sorted({kept.form for kept in waiting}),
    )


async def show_tab(request: Request, system: Portal, session: Session) -> Response:
    """GET /dashboard/{tab}; a tab the person does not have gets a page that says why."""
    tab = request.path_params["tab"]
    if tab not in TABS:
        raise PageNotFound
    panel = await load_panel(system, session)
    if tab not in panel.tabs:
        kind = "tab_not_yours" if panel.trusted else "profile_untrusted"
        home = {"label": texts_of(request, system)("portal.to_panel"), "href": "/dashboard"}
        template = "web/layout/error.html"
        return show(request, system, template, session=session, status=403, kind=kind, actions=[home])
    return show(
        request,
        system,
        "systems/portal/pages/role.html",
        session=session,
        role=tab,
        known=panel.known,
        tabs=tabs(request, system, panel, tab),
    )


def tabs(request: Request, system: Portal, panel: Panel, current: str) -> list[dict[str, Any]]:
    """The tabs as links."""
    texts = texts_of(request, system)
    addresses = {"general": "/dashboard", **{tab: f"/dashboard/{tab}" for tab in panel.tabs}}
    return [
        {"label": texts(f"portal.tab.{tab}"), "href": href, "current": tab == current}
        for tab, href in addresses.items()
    ]


def _tiles(request: Request, system: Portal, names: tuple[str, ...], orders: int) -> list[dict[str, str]]:
    texts, found = texts_of(request, system), counts(len(published(system.clock())), orders)
    return [
        {
            "label": texts(f"portal.tile.{name}"),
            "href": TILES[name],
            "text": texts(f"portal.tile.{name}_what"),
            "tag": texts.plural(f"portal.tile.{name}_count", found[name])
            if found[name]
            else texts(f"portal.tile.{name}_none"),
            "kind": "accent" if found[name] else "",
        }
        for name in names
    ]

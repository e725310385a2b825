"""Builds the `SimSwap` that a bank asks about new SIM cards: an operator over HTTP, the demonstration's table, or none.

`systems/bank/build.py` calls `open_sim_swap` once when a system starts. The operator's address must be on the public
internet; an address inside our own networks is refused unless `system.private_hosts` names it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from poreka.oidc.keys import KeyRefused, SigningKey
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.client_credentials import ClientGrant
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.outgoing.peer_read import uneven_pause
from poreka.provider.authorising.operator_token import OwnToken
from poreka.provider.authorising.sim_swap_over_http import SimSwapOverHttp
from poreka.provider.settings.sim_swap import SimSwap as SimSwapSettings
from poreka.provider.settings.vouching import VouchingSettings
from poreka.provider.store.sim_swap import DemoSimCards, SimSwap
from poreka.running.foundation import FoundationOf, open_database, private_text, read_password
from poreka.running.real_clock import real_clock
from poreka.running.running import Closing
from poreka.store.migrate import upgrade
from poreka.web.settings.every_kind import SettingsError

LARGEST_ANSWER = 16 * 1024


@dataclass(frozen=True, slots=True)
class OpenedSimSwap:
    """`asked` answers the bank's questions, None where the settings say `none`; `closing` runs at the end."""

    asked: SimSwap | None
    closing: tuple[Closing, ...] = ()


async def open_sim_swap(base: FoundationOf[VouchingSettings], reach: Reach) -> OpenedSimSwap:
    """Open the source that the settings name; raises `SettingsError`."""
    settings = base.settings.sim_swap
    match settings.source:
        case "none":
            return OpenedSimSwap(None)
        case "demo_table":
            database = await open_database(base.settings.sms.inbox, base.folder)
            await upgrade(database, ("shared", "demo"), real_clock())
            return OpenedSimSwap(DemoSimCards(database, base.clock), (database.close,))
        case "http":
            over_http = _over_http(base, settings, reach)
            return OpenedSimSwap(over_http, (over_http.close,))


def _over_http(base: FoundationOf[VouchingSettings], settings: SimSwapSettings, reach: Reach) -> SimSwapOverHttp:
    grant = client_grant(base.settings, base.folder)
    channel = BackChannel(
        reach,
        connect_seconds=settings.seconds,
        total_seconds=settings.seconds,
        largest_answer=LARGEST_ANSWER,
    )
    return SimSwapOverHttp(
        channel,
        settings.url,
        settings.question,
        OwnToken(channel, grant, base.fresh.id, seconds=settings.seconds),
        taken=base.settings.sms.numbers,
        seconds=settings.seconds,
        pause=uneven_pause,
        clock=base.clock,
    )


def client_grant(settings: VouchingSettings, folder: Path) -> ClientGrant:
    """Our client id at the operator, with the key or else the secret it is proven by; raises `SettingsError`."""
    sim_swap = settings.sim_swap
    if sim_swap.client_key_file:
        credentials = ClientCredentials(signing_key=_key(folder / sim_swap.client_key_file))
    else:
        credentials = ClientCredentials(secret=read_password(folder / sim_swap.client_secret_file))
    return ClientGrant(
        token_url=sim_swap.token_url, client_id=sim_swap.client_id, scope=sim_swap.scope, credentials=credentials
    )


def _key(file: Path) -> SigningKey:
    """The private key in a file; raises `SettingsError`, also for a key of a type that we sign nothing with."""
    try:
        return SigningKey.of_jwk(msgspec.json.decode(private_text(file, "key file"), type=dict[str, Any]))
    except (msgspec.DecodeError, KeyRefused, StopIteration):
        raise SettingsError(f"{file}: holds no private key as a JWK") from None
